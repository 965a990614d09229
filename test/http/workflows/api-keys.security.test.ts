import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TestTenant } from "../../support/accounts.ts";
import { type SignedIn, startApp } from "../../support/app.ts";
import { localClient } from "../../support/dynamodb-local.ts";
import { asForm, makeKey, tokenOf } from "../../support/oauth-client.ts";

// An API key gives no more than its maker holds, and nothing to whoever guesses.

const app = await startApp();
const client = localClient();
afterAll(async () => {
  client.destroy();
  await app.stop();
});

let tenant: TestTenant;
let owner: SignedIn;

beforeAll(async () => {
  tenant = await app.tenant();
  owner = await app.signIn(tenant.owner);
});

const RULE = {
  provider: "github",
  issuer: "https://token.actions.githubusercontent.com",
  audience: "https://sessions.example.com",
  claims: { repository: "octo-org/*" },
};

describe("A08 nobody gives what they do not hold:", () => {
  test("an admin makes no key and trusts no run with the roles of an owner", async () => {
    const admin = await app.signIn(await tenant.addUser(["admin"], { totp: true }));
    const key = await admin.request("POST", "/v1/api-keys", { body: { name: "all", roles: ["owner"] } });
    const rules = [{ ...RULE, roles: ["owner"] }];
    const trust = await admin.request("PUT", "/v1/workflow-trust", { body: { rules } });
    expect([key.status, key.body.code]).toEqual([403, "access.denied"]);
    expect([trust.status, trust.body.code]).toEqual([403, "access.denied"]);
  });

  test("a role that lets make keys gives none of what is beyond it", async () => {
    const statements = [{ effect: "allow", actions: ["apikey:*", "vm:read"], resources: ["*"] }];
    await owner.request("POST", "/v1/roles", { body: { name: "keeper", statements } });
    const keeper = await app.signIn(await tenant.addUser(["keeper"], { totp: true }));
    const make = (roles: string[]) =>
      keeper.request("POST", "/v1/api-keys", { body: { name: "mine", roles } });
    expect((await make(["member"])).status).toBe(403);
    expect((await make(["keeper"])).status).toBe(201);
  });

  test("a rule that trusts more than before needs its roles to be held anew", async () => {
    const put = (by: SignedIn, claims: object) =>
      by.request("PUT", "/v1/workflow-trust", { body: { rules: [{ ...RULE, claims, roles: ["owner"] }] } });
    expect((await put(owner, { repository: "octo-org/app" })).status).toBe(200);
    const admin = await app.signIn(await tenant.addUser(["admin"], { totp: true }));
    expect((await put(admin, { repository: "octo-org/app" })).status).toBe(200);
    expect((await put(admin, { repository: "octo-org/*" })).status).toBe(403);
  });

  test("a pipeline makes no keys and trusts no runs, whatever its roles", async () => {
    const key = await makeKey(owner, { roles: ["owner"] });
    const { access_token: token } = (await tokenOf(app, key)).body;
    const body = { name: "child", roles: ["member"] };
    expect((await app.request("POST", "/v1/api-keys", { token, body })).status).toBe(403);
    const trust = await app.request("PUT", "/v1/workflow-trust", { token, body: { rules: [] } });
    expect(trust.status).toBe(403);
    expect(
      (await app.request("POST", "/v1/me/factors", { token, body: { type: "totp", label: "x" } })).status,
    ).toBe(403);
  });
});

test("A14 without a factor verified lately no key is made or deleted and no run is trusted", async () => {
  const { id } = await makeKey(owner);
  const stale = await app.signIn(tenant.owner);
  app.clock.advance(299_000);
  const refreshed = async () => {
    const { body } = await app.request("POST", "/v1/auth/refresh", {
      body: { refreshToken: stale.refreshToken },
    });
    return body.accessToken as string;
  };
  app.clock.advance(2000);
  const token = await refreshed();
  const answers = [
    await app.request("POST", "/v1/api-keys", { token, body: { name: "late", roles: ["member"] } }),
    await app.request("DELETE", `/v1/api-keys/${id}`, { token }),
    await app.request("PUT", "/v1/workflow-trust", { token, body: { rules: [] } }),
  ];
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
    Array.from({ length: 3 }, () => [401, "auth.step_up_required"]),
  );
  owner = await app.signIn(tenant.owner);
});

test("A06 a key takes no members but its own", async () => {
  const bodies = [
    { id: "key_1" },
    { tenantId: "ten_1" },
    { secret: "mine" },
    { createdBy: "usr_1" },
    { ttl: 1 },
  ];
  for (const more of bodies) {
    const body = { name: "x", roles: ["member"], ...more };
    expect((await owner.request("POST", "/v1/api-keys", { body })).status).toBe(400);
  }
});

describe("whoever guesses", () => {
  test("learns nothing: an unknown id, a wrong secret and another key's are refused alike", async () => {
    const [key, other] = [await makeKey(owner), await makeKey(owner)];
    const unknown = { id: "key_00000000000000000000000000", secret: key.secret };
    const guesses = [unknown, { id: key.id, secret: "ask_wrong" }, { id: key.id, secret: other.secret }];
    const answers = await Promise.all(guesses.map((guess) => tokenOf(app, guess)));
    for (const { status, text, headers } of answers) {
      expect([status, text]).toEqual([401, answers[0]?.text]);
      expect(headers["www-authenticate"]).toBe('Basic realm="Active Session"');
    }
    expect(answers[0]?.body).toEqual({
      error: "invalid_client",
      error_description: "The client is not known, or its secret is wrong.",
    });
  });

  test("is on record at the tenant whose key it is", async () => {
    const key = await makeKey(owner);
    const answer = await tokenOf(app, { id: key.id, secret: "ask_wrong" });
    expect(await app.records(tenant.id, answer)).toMatchObject([
      {
        action: "auth:token",
        outcome: "denied",
        errorCode: "auth.invalid_credentials",
        actor: { id: key.id },
      },
    ]);
  });

  test("finds no secret in what is stored", async () => {
    const key = await makeKey(owner);
    const scan = new ScanCommand({ TableName: process.env["IDENTITY_TABLE"] });
    const rows = JSON.stringify((await client.send(scan)).Items);
    expect(rows).toContain(key.id);
    expect(rows).not.toContain(key.secret);
  });
});

test("a key is held to the addresses and the state of its tenant", async () => {
  const walled = await app.tenant({ policy: { ipAllowList: ["198.51.100.0/24"] } });
  const inside = { ip: "198.51.100.7" };
  const me = await app.signIn(walled.owner, inside);
  const key = await makeKey(me);
  const form = { grant_type: "client_credentials", client_id: key.id, client_secret: key.secret };
  const outside = await app.request("POST", "/oauth/token", asForm(form));
  expect([outside.status, outside.body.error]).toEqual([400, "unauthorized_client"]);
  expect((await app.request("POST", "/oauth/token", { ...asForm(form), ...inside })).status).toBe(200);
});

test("the limit of concurrent sessions holds for a key as for a user", async () => {
  const small = await app.tenant({ policy: { maxConcurrentSessions: 2 } });
  const me = await app.signIn(small.owner);
  const key = await makeKey(me);
  const tokens: string[] = [];
  for (const run_id of ["a", "b", "c"]) {
    tokens.push((await tokenOf(app, key, { run_id })).body.access_token);
    app.clock.advance(1000);
  }
  const statuses = await Promise.all(tokens.map((token) => app.request("GET", "/v1/me", { token })));
  expect(statuses.map(({ status }) => status)).toEqual([401, 200, 200]);
  expect(statuses[0]?.body.reason).toBe("evicted");
});
