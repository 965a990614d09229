import { createHmac, createPublicKey, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Answer } from "../../support/answer-check.ts";
import { startApp } from "../../support/app.ts";
import { AUDIENCE, startCiIssuer } from "../../support/ci-issuer.ts";
import { exchange } from "../../support/oauth-client.ts";

// A CI provider's token opens a session only as its issuer signed it, for us, now, and once.

const app = await startApp();
const issuer = await startCiIssuer(app.clock.now);
const stranger = await startCiIssuer(app.clock.now);
afterAll(async () => {
  await Promise.all([issuer.stop(), stranger.stop()]);
  await app.stop();
});

const tenant = await app.tenant();
const tenantId = tenant.id;
const owner = await app.signIn(tenant.owner);

beforeAll(async () => {
  const rule = { provider: "github", issuer: issuer.url, audience: AUDIENCE, roles: ["member"] };
  const rules = [{ ...rule, claims: { repository: "octo-org/*" } }];
  await owner.request("PUT", "/v1/workflow-trust", { body: { rules } });
});

const shown = (token: string): Promise<Answer> => exchange(app, token, { client_id: tenantId });

/** Refused as OAuth refuses a subject token, and nobody has a session of it. */
async function expectRefused(token: string): Promise<void> {
  const answer = await shown(token);
  expect([answer.status, answer.body.error]).toEqual([400, "invalid_request"]);
}

const seconds = () => Math.floor(app.clock.now() / 1000);
const encode = (part: object | string) =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

/** The parts of a token that is good. */
function parts(claims: object = {}): [header: string, payload: string, signature: string] {
  const [header = "", payload = "", signature = ""] = issuer.github({ ...claims }).split(".");
  return [header, payload, signature];
}

test("the token that all others here differ from is good", async () => {
  expect((await shown(issuer.github())).status).toBe(200);
});

test.each(["none", "None", "nOnE", "NONE"])("J01 an unsigned token (%s) is none", async (alg) => {
  const [, payload] = parts();
  await expectRefused(`${encode({ alg, typ: "JWT" })}.${payload}.`);
  await expectRefused(`${encode({ alg, typ: "JWT" })}.${payload}.${encode("signature")}`);
});

test("J02 the issuer's public key is no secret to sign with", async () => {
  const jwks = await (await fetch(`${issuer.url}/jwks`)).json();
  const [jwk] = (jwks as { keys: Record<string, string>[] }).keys;
  const key = createPublicKey({ key: jwk ?? {}, format: "jwk" });
  const [, payload] = parts();
  const secrets = [
    key.export({ type: "spki", format: "pem" }),
    key.export({ type: "spki", format: "der" }),
    JSON.stringify(jwk),
  ];
  for (const secret of secrets) {
    const signed = `${encode({ alg: "HS256", typ: "JWT", kid: jwk?.["kid"] })}.${payload}`;
    const signature = createHmac("sha256", secret).update(signed).digest("base64url");
    await expectRefused(`${signed}.${signature}`);
  }
});

test.each([
  ["../../../../dev/null"],
  ["' OR 1=1--"],
  ["x\u0000y"],
  [{ $ne: 1 }],
  ["k".repeat(10_000)],
  ["unknown"],
])("J03 a name of a key that is none (%j) finds no key", async (kid) => {
  await expectRefused(issuer.sign({ iss: issuer.url, aud: AUDIENCE }, { header: { kid } }));
});

test("J04 keys that a token brings along, or says where to find, are not looked at", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const before = stranger.asked.count;
  const claims = JSON.parse(Buffer.from(parts()[1], "base64url").toString());
  const headers = [
    { jwk: publicKey.export({ format: "jwk" }) },
    { jku: `${stranger.url}/jwks`, x5u: `${stranger.url}/jwks` },
    { x5c: [publicKey.export({ type: "spki", format: "der" }).toString("base64")] },
  ];
  for (const header of headers) await expectRefused(issuer.sign(claims, { key: privateKey, header }));
  expect(stranger.asked.count).toBe(before);
});

test.each([{ crit: ["exp"] }, { crit: ["unknown"] }, { b64: false }, { typ: "at+jwt" }, { typ: 1 }])(
  "J05 a header that asks for more than a JWT has (%j) is refused",
  async (header) => {
    const claims = JSON.parse(Buffer.from(parts()[1], "base64url").toString());
    await expectRefused(issuer.sign(claims, { header }));
  },
);

describe("J06 J07 times", () => {
  test.each([
    ["expired this second", () => ({ exp: seconds() })],
    ["without an end", () => ({ exp: undefined })],
    ["with an end in words", () => ({ exp: "9999999999" })],
    ["with a negative end", () => ({ exp: -1 })],
    ["that is not good yet", () => ({ nbf: seconds() + 60 })],
    ["given tomorrow", () => ({ iat: seconds() + 86_400 })],
    ["that does not say when it was given", () => ({ iat: undefined })],
  ])("a token %s is refused", async (_what, claims) => {
    await expectRefused(issuer.github(claims()));
  });

  test("an end beyond all numbers is none", async () => {
    const claims = Buffer.from(parts()[1], "base64url")
      .toString()
      .replace(/"exp":\d+/, '"exp":1e309');
    expect(claims).toContain("1e309");
    await expectRefused(`${parts()[0]}.${encode(claims)}.${parts()[2]}`);
  });
});

test.each([
  ["J08 for somebody else", { aud: "https://other.example.com" }],
  ["J08 for nobody", { aud: [] }],
  ["J08 for us and others", { aud: [AUDIENCE, "https://other.example.com"] }],
  ["J09 of nobody", { iss: undefined }],
  ["J09 of another issuer", { iss: "https://ci.example.com" }],
])("%s: a token is refused", async (_what, claims) => {
  await expectRefused(issuer.github(claims));
});

test("J09 a slash at the end makes another issuer", async () => {
  await expectRefused(issuer.github({ iss: `${issuer.url}/` }));
});

test("J10 a token of ours is no token of a CI provider", async () => {
  await expectRefused(owner.accessToken);
  await expectRefused(owner.refreshToken);
});

test("J11 J12 J13 a token is taken whole and as it was written, or not at all", async () => {
  const token = issuer.github();
  const [header = "", payload = "", signature = ""] = token.split(".");
  const flipped = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);
  const changed = [
    ...[`${flipped(header)}.${payload}.${signature}`, `${header}.${flipped(payload)}.${signature}`],
    ...[`${header}.${payload}.${flipped(signature)}`, `${header}.${payload}`, `${token}.x`, `${token}.x.y`],
    ...[`${token}=`, `${token} `, `${header}.${payload}.${signature}\n`, token.slice(0, -1), ""],
  ];
  for (const one of changed) await expectRefused(one);
  expect((await shown(token)).status).toBe(200);
});

test("J14 a token of a megabyte is refused before it is decoded", async () => {
  for (const length of [9000, 65_000, 500_000])
    await expectRefused(`${issuer.github()}${"A".repeat(length)}`);
});

test("a token with a name is good once, also when it is shown twice at once", async () => {
  const token = issuer.github({ run_id: "once" });
  const answers = await Promise.all([shown(token), shown(token), shown(token)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400]);
  await expectRefused(token);
});

test("somebody known whom no rule trusts is on record at the tenant that was named, and an unknown one is not", async () => {
  const foreign = await shown(issuer.github({ repository: "evil/octo-org", sub: "repo:evil/octo-org" }));
  expect(foreign.status).toBe(400);
  expect(await app.records(tenantId, foreign)).toMatchObject([
    { outcome: "denied", actor: { type: "external", id: "repo:evil/octo-org", name: issuer.url } },
  ]);
  const unsigned = await shown(`${parts().slice(0, 2).join(".")}.${encode("signature")}`);
  expect(await app.records(tenantId, unsigned)).toEqual([]);
});

test("an issuer that nobody trusts is never asked for anything", async () => {
  const before = stranger.asked.count;
  await expectRefused(stranger.github());
  expect((await exchange(app, stranger.github())).status).toBe(400);
  expect(stranger.asked.count).toBe(before);
});

test("an issuer that does not answer is temporary, and says so", async () => {
  const gone = await startCiIssuer(app.clock.now);
  const me = await app.signIn((await app.tenant()).owner);
  const rule = { provider: "ci", issuer: gone.url, audience: AUDIENCE, claims: { sub: "repo:*" } };
  await me.request("PUT", "/v1/workflow-trust", { body: { rules: [{ ...rule, roles: ["member"] }] } });
  await gone.stop();
  const answer = await exchange(app, gone.github(), { client_id: me.user.tenantId });
  expect([answer.status, answer.body.error]).toEqual([503, "temporarily_unavailable"]);
  expect(answer.headers["retry-after"]).toBe("1");
});
