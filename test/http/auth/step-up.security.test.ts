// Guarantees: what is sensitive needs a factor verified a short while ago, in this session, by this token (attack rows A14,
// S02; RFC 9470).
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { localClient } from "../../support/dynamodb-local.ts";
import { addApp, codeAt, login } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

const MINUTES = 60_000;
const role = (name: string) => ({ body: { name, description: "", statements: [] } });

async function refreshed(refreshToken: string) {
  return (await app.request("POST", "/v1/auth/refresh", { body: { refreshToken } })).body;
}

test("A14 a session opened by a password alone cannot do what is sensitive", async () => {
  const { addUser } = await app.tenant();
  const user = await addUser(["admin"]);
  const early = await app.signIn(user);
  expect((await early.request("POST", "/v1/roles", role("one"))).body.code).toBe("mfa.enrollment_required");
  await addApp(app, early);
  const refused = await early.request("POST", "/v1/roles", role("one"));
  expect(refused.body).toMatchObject({ code: "auth.step_up_required", maxAgeSeconds: 300 });
});

test("A14 a factor is recent for so long as the tenant says, to the second", async () => {
  const { owner } = await app.tenant({ policy: { stepUpMaxAgeSeconds: 60 } });
  const me = await app.signIn(owner);
  app.clock.advance(60_000);
  expect((await me.request("POST", "/v1/roles", role("one"))).status).toBe(201);
  app.clock.advance(1);
  expect((await me.request("POST", "/v1/roles", role("two"))).body.code).toBe("auth.step_up_required");
});

test("S02 a step-up gives a fresh token and the next refresh token, and raises no token given before", async () => {
  const { owner } = await app.tenant();
  const me = await app.signIn(owner);
  app.clock.advance(6 * MINUTES);
  const before = await refreshed(me.refreshToken);
  const raised = await app.request("POST", "/v1/auth/step-up", {
    token: before.accessToken,
    body: { code: app.totp(owner) },
  });
  expect(raised.status).toBe(200);
  expect(raised.body.session).toMatchObject({ id: me.sessionId, amr: ["pwd", "otp", "mfa"] });
  expect(raised.body.refreshToken).not.toBe(before.refreshToken);
  const claims = JSON.parse(atob(raised.body.accessToken.split(".")[1]));
  expect(claims.auth_time).toBe(Math.floor(app.clock.now() / 1000));
  const old = await app.request("POST", "/v1/roles", { token: before.accessToken, ...role("one") });
  expect(old.body.code).toBe("auth.step_up_required");
  const fresh = await app.request("POST", "/v1/roles", { token: raised.body.accessToken, ...role("one") });
  expect(fresh.status).toBe(201);
  app.clock.advance(11_000);
  const stale = await app.request("POST", "/v1/auth/refresh", {
    body: { refreshToken: before.refreshToken },
  });
  expect(stale.body.code).toBe("refresh.reused");
});

test("A14 the step-up of one session does nothing for another", async () => {
  const { owner } = await app.tenant();
  const other = await app.signIn(owner);
  app.clock.advance(6 * MINUTES);
  const me = await app.signIn(owner);
  expect((await me.request("POST", "/v1/roles", role("one"))).status).toBe(201);
  const { accessToken } = await refreshed(other.refreshToken);
  const refused = await app.request("POST", "/v1/roles", { token: accessToken, ...role("two") });
  expect(refused.body.code).toBe("auth.step_up_required");
});

test("A14 a code steps up once", async () => {
  const { owner } = await app.tenant();
  const me = await app.signIn(owner);
  const body = { code: codeAt(app, owner.totpSecret ?? "", 1) };
  expect((await me.request("POST", "/v1/auth/step-up", { body })).status).toBe(200);
  expect((await me.request("POST", "/v1/auth/step-up", { body })).body.code).toBe("mfa.invalid_code");
});

test("guessing codes to step up counts as guessing to sign in", async () => {
  const { owner } = await app.tenant();
  const me = await app.signIn(owner);
  for (let count = 0; count < 5; count++) {
    const wrong = await me.request("POST", "/v1/auth/step-up", { body: { code: "000000" } });
    expect(wrong.body.code).toBe("mfa.invalid_code");
  }
  const right = { body: { code: codeAt(app, owner.totpSecret ?? "", 1) } };
  expect((await me.request("POST", "/v1/auth/step-up", right)).status).toBe(429);
  expect((await login(app, owner)).status).toBe(429);
});

test("permission is decided before a factor is asked for", async () => {
  const { member } = await app.tenant();
  const me = await app.signIn(member);
  expect((await me.request("POST", "/v1/roles", role("one"))).body.code).toBe("access.denied");
});

describe("a session that has to step up first", () => {
  /** What a rule does that finds a session unusual. */
  async function demandStepUp(tenantId: string, sessionId: string): Promise<void> {
    const client = localClient();
    await client.send(
      new UpdateItemCommand({
        TableName: process.env["SESSIONS_TABLE"] ?? "",
        Key: { pk: { S: `${tenantId}#${sessionId}` }, sk: { S: "session" } },
        UpdateExpression: "SET stepUpDemandedAtMs = :now",
        ExpressionAttributeValues: { ":now": { N: String(app.clock.now()) } },
      }),
    );
    client.destroy();
  }

  test("can do nothing else, look at itself and sign out aside", async () => {
    const { id, owner } = await app.tenant();
    const me = await app.signIn(owner);
    await demandStepUp(id, me.sessionId);
    for (const [method, path] of [
      ["GET", "/v1/users"],
      ["GET", "/v1/sessions"],
      ["GET", "/v1/me/factors"],
      ["POST", "/v1/me/factors"],
    ] as const) {
      const body = method === "POST" ? { body: { type: "totp", label: "Mine" } } : {};
      expect((await me.request(method, path, body)).body.code).toBe("auth.step_up_required");
    }
    expect((await me.request("GET", "/v1/me")).status).toBe(200);
    const { refreshToken } = await refreshed(me.refreshToken);
    const still = await refreshed(refreshToken);
    expect((await app.request("GET", "/v1/users", { token: still.accessToken })).status).toBe(401);
    expect((await me.request("POST", "/v1/auth/logout")).status).toBe(204);
  });

  test("goes on once it has", async () => {
    const { id, owner } = await app.tenant();
    const me = await app.signIn(owner);
    await demandStepUp(id, me.sessionId);
    const code = codeAt(app, owner.totpSecret ?? "", 1);
    const raised = await me.request("POST", "/v1/auth/step-up", { body: { code } });
    expect((await app.request("GET", "/v1/users", { token: raised.body.accessToken })).status).toBe(200);
  });
});
