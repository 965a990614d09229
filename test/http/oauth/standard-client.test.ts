import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type AuthorizationServer,
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  customFetch,
  discoveryRequest,
  genericTokenEndpointRequest,
  introspectionRequest,
  None,
  processClientCredentialsResponse,
  processDiscoveryResponse,
  processGenericTokenEndpointResponse,
  processIntrospectionResponse,
  processRevocationResponse,
  ResponseBodyError,
  revocationRequest,
} from "oauth4webapi";
import { startApp } from "../../support/app.ts";
import { AUDIENCE, startCiIssuer } from "../../support/ci-issuer.ts";
import { asForm, type KeyAndSecret, makeKey } from "../../support/oauth-client.ts";

// A client of OAuth that knows nothing of this product gets on with it: oauth4webapi, through the whole product.

const app = await startApp();
const issuer = await startCiIssuer(app.clock.now);
afterAll(async () => {
  await issuer.stop();
  await app.stop();
});

const through = async (url: string, init: { method: string; headers: object; body?: unknown }) => {
  const { status, headers, text } = await app.request(init.method, new URL(url).pathname, {
    headers: { ...init.headers },
    ...(init.body === undefined ? {} : { body: String(init.body) }),
  });
  return new Response(text, { status, headers });
};
const options = { [customFetch]: through, [allowInsecureRequests]: true };

const tenant = await app.tenant();
const owner = await app.signIn(tenant.owner);
let server: AuthorizationServer;
let key: KeyAndSecret;

beforeAll(async () => {
  const at = new URL("http://localhost:3000");
  const response = await discoveryRequest(at, { ...options, algorithm: "oauth2" });
  server = await processDiscoveryResponse(at, response);
  key = await makeKey(owner);
});

async function accessToken(auth = ClientSecretBasic(key.secret)): Promise<string> {
  const client = { client_id: key.id };
  const response = await clientCredentialsGrantRequest(server, client, auth, {}, options);
  const { access_token } = await processClientCredentialsResponse(server, client, response);
  return access_token;
}

async function introspect(token: string, by: KeyAndSecret = key) {
  const client = { client_id: by.id };
  const auth = ClientSecretBasic(by.secret);
  const response = await introspectionRequest(server, client, auth, token, options);
  return await processIntrospectionResponse(server, client, response);
}

test("finds everything by the metadata", () => {
  expect(server).toMatchObject({
    issuer: "http://localhost:3000",
    token_endpoint: "http://localhost:3000/oauth/token",
    jwks_uri: "http://localhost:3000/.well-known/jwks.json",
    response_types_supported: [],
  });
});

test.each([
  ["client_secret_basic", () => ClientSecretBasic(key.secret)],
  ["client_secret_post", () => ClientSecretPost(key.secret)],
])("gets a token by %s", async (_method, auth) => {
  const token = await accessToken(auth());
  expect((await app.request("GET", "/v1/me", { token })).status).toBe(200);
});

test("is refused in the words that it knows", async () => {
  const client = { client_id: key.id };
  const wrong = ClientSecretBasic("ask_wrong");
  const response = await clientCredentialsGrantRequest(server, client, wrong, {}, options);
  // The header names a scheme, which the client reads before the body.
  expect([response.status, response.headers.get("www-authenticate")]).toEqual([
    401,
    'Basic realm="Active Session"',
  ]);
  expect(await response.json()).toMatchObject({ error: "invalid_client" });
  const unknown = await genericTokenEndpointRequest(
    ...([server, client, ClientSecretPost(key.secret), "password", {}, options] as const),
  );
  const processed = processGenericTokenEndpointResponse(server, client, unknown);
  await expect(processed).rejects.toThrow(ResponseBodyError);
  await expect(processed).rejects.toMatchObject({ error: "unsupported_grant_type", status: 400 });
});

test("exchanges a CI provider's token as a public client, with the tenant as its client_id", async () => {
  const rule = { provider: "github", issuer: issuer.url, audience: AUDIENCE, roles: ["member"] };
  const rules = [{ ...rule, claims: { repository: "octo-org/*" } }];
  await owner.request("PUT", "/v1/workflow-trust", { body: { rules } });
  const client = { client_id: tenant.id };
  const grant = "urn:ietf:params:oauth:grant-type:token-exchange";
  const parameters = {
    subject_token: issuer.github(),
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  };
  const response = await genericTokenEndpointRequest(
    ...([server, client, None(), grant, parameters, options] as const),
  );
  const { access_token, issued_token_type } = await processGenericTokenEndpointResponse(
    server,
    client,
    response,
  );
  expect(issued_token_type).toBe("urn:ietf:params:oauth:token-type:access_token");
  expect((await app.request("GET", "/v1/me", { token: access_token })).status).toBe(200);
});

describe("introspection", () => {
  test("tells of a token what is true at that very moment", async () => {
    const token = await accessToken();
    const said = await introspect(token);
    expect(said).toMatchObject({
      ...{ active: true, client_id: key.id, sub: key.id, tid: tenant.id, token_type: "Bearer" },
      ...{ iss: "http://localhost:3000", aud: "active-session", scope: "member", username: "deploy" },
      wfl: { provider: "api-key" },
    });
    await owner.request("DELETE", `/v1/sessions/${said["sid"]}`);
    expect(await introspect(token)).toEqual({ active: false });
  });

  test("tells of others' tokens to those who may read sessions, and of another tenant's to nobody", async () => {
    const reader = await makeKey(owner, { roles: ["read-only"] });
    const member = await app.signIn(tenant.member);
    expect(await introspect(member.accessToken, key)).toEqual({ active: false });
    expect(await introspect(member.accessToken, reader)).toMatchObject({ sub: member.user.userId });
    expect(await introspect(member.refreshToken, reader)).toMatchObject({ token_type: "refresh_token" });
    const foreign = await app.signIn((await app.tenant()).owner);
    expect(await introspect(foreign.accessToken, reader)).toEqual({ active: false });
    expect(await introspect("no token", reader)).toEqual({ active: false });
  });

  test("takes a bearer too, and nobody else", async () => {
    const token = await accessToken();
    const byBearer = await owner.request("POST", "/oauth/introspect", asForm({ token }));
    expect(byBearer.body.active).toBe(true);
    const byNobody = await app.request("POST", "/oauth/introspect", asForm({ token }));
    expect([byNobody.status, byNobody.body.error]).toEqual([401, "invalid_client"]);
  });
});

describe("revocation", () => {
  test("ends the session of a token, of either kind, and says nothing of what is no token", async () => {
    const client = { client_id: key.id };
    const token = await accessToken();
    const auth = ClientSecretBasic(key.secret);
    const response = await revocationRequest(server, client, auth, token, options);
    await processRevocationResponse(response);
    expect((await app.request("GET", "/v1/me", { token })).body.reason).toBe("revoked");
    const member = await app.signIn(tenant.member);
    const given = await app.request("POST", "/oauth/revoke", asForm({ token: member.refreshToken }));
    expect([given.status, given.body]).toEqual([200, {}]);
    expect((await member.request("GET", "/v1/me")).status).toBe(401);
    expect((await app.request("POST", "/oauth/revoke", asForm({ token: "nothing" }))).status).toBe(200);
  });

  test("of somebody else's token is not for a client to do", async () => {
    const member = await app.signIn(tenant.member);
    const form = { token: member.accessToken, client_id: key.id, client_secret: key.secret };
    const answer = await app.request("POST", "/oauth/revoke", asForm(form));
    expect([answer.status, answer.body.error]).toEqual([400, "unauthorized_client"]);
    expect((await member.request("GET", "/v1/me")).status).toBe(200);
  });
});

test.each([
  ["a body that is no form", { body: "{}", headers: { "content-type": "application/json" } }],
  ["a member given twice", { body: "grant_type=a&grant_type=b", headers: asForm({}).headers ?? {} }],
  ["no grant", asForm({ client_id: "x" })],
  [
    "two ways to show a secret",
    asForm({ grant_type: "client_credentials", client_secret: "a" }, { authorization: "Basic YTpi" }),
  ],
  ["a run that is no name", asForm({ grant_type: "client_credentials", run_id: "a/b#c" })],
])("%s is an invalid request", async (_what, sent) => {
  const { status, body } = await app.request("POST", "/oauth/token", sent);
  expect([status, body.error]).toEqual([400, "invalid_request"]);
});
