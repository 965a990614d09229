import { afterAll, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

test("a password alone opens a session where the tenant does not demand more", async () => {
  const { member } = await app.tenant();
  const answer = await app.request("POST", "/v1/auth/login", {
    body: { email: member.email, password: member.password, deviceName: "Desk" },
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    status: "active",
    tokenType: "Bearer",
    expiresIn: 300,
    session: {
      userId: member.userId,
      kind: "interactive",
      amr: ["pwd"],
      current: true,
      device: { name: "Desk" },
    },
  });
});

test("a second factor is asked for where the user has one, and completes the sign-in", async () => {
  const { owner } = await app.tenant();
  const login = await app.request("POST", "/v1/auth/login", {
    body: { email: owner.email, password: owner.password, deviceName: "Desk" },
  });
  expect(login.body).toMatchObject({
    status: "mfa_required",
    expiresIn: 300,
    factors: [{ type: "totp", label: "Authenticator" }],
  });
  const answer = await app.request("POST", "/v1/auth/mfa", {
    body: { challengeToken: login.body.challengeToken, code: app.totp(owner) },
  });
  expect(answer.body).toMatchObject({
    status: "active",
    session: { amr: ["pwd", "otp", "mfa"], device: { name: "Desk" } },
  });
});

test("each step is one record, and the session's start another", async () => {
  const { id, owner } = await app.tenant();
  await app.signIn(owner);
  expect((await app.records(id)).map(({ action, outcome }) => `${action} ${outcome}`).sort()).toEqual([
    "auth:login success",
    "auth:mfa success",
    "session:start success",
  ]);
});

test("a session can have fewer roles than its user, and never others", async () => {
  const tenant = await app.tenant();
  const user = await tenant.addUser(["member", "read-only"]);
  const login = (roles: readonly string[]) =>
    app.request("POST", "/v1/auth/login", { body: { email: user.email, password: user.password, roles } });
  expect((await login(["read-only"])).body.session.roles).toEqual(["read-only"]);
  const refused = await login(["owner"]);
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject({ code: "access.denied", errors: [{ pointer: "/roles" }] });
});
