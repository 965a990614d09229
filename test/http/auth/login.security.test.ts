// Guarantees: nobody learns from a sign-in who has an account, a password is compared whole, and one person has one
// spelling of an address (attack rows L01, L03 to L05, L07, L10, L11, S01).
import { afterAll, describe, expect, test } from "@jest/globals";
import type { Answer } from "../../support/answer-check.ts";
import { startApp } from "../../support/app.ts";
import { login, verify } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

/** An answer without what is new in each of them. */
function told({ status, body, headers }: Answer) {
  const { requestId: _id, ...rest } = body;
  const { "x-request-id": _header, ...others } = headers;
  return { status, rest, others };
}

test("L01 nobody, a wrong password, a disabled, an invited and a suspended tenant's user look the same", async () => {
  const { owner, member, addUser } = await app.tenant();
  const operator = await app.signIn(owner);
  const disabled = await addUser(["member"]);
  await operator.request("PATCH", `/v1/users/${disabled.userId}`, { body: { disabled: true } });
  await operator.request("POST", "/v1/users", { body: { email: "invited@example.com", roles: ["member"] } });
  const answers = [
    await login(app, { email: "nobody@example.com", password: member.password }),
    await login(app, { ...member, password: "a password that is not right" }),
    await login(app, disabled),
    await login(app, { email: "invited@example.com", password: member.password }),
  ].map(told);
  expect(answers[0]).toMatchObject({ status: 401, rest: { code: "auth.invalid_credentials" } });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test("a failure is on record of the tenant it was aimed at, and of the platform for nobody's address", async () => {
  const { id, member } = await app.tenant();
  await login(app, { ...member, password: "a password that is not right" });
  await login(app, { email: "nobody-2@example.com", password: "a password that is not right" });
  const [failed] = await app.records(id);
  expect(failed).toMatchObject({
    action: "auth:login",
    outcome: "denied",
    errorCode: "auth.invalid_credentials",
    actor: { type: "user", id: member.userId },
  });
  const ofNobody = await app.records("ten_00000000000000000000000000");
  expect(ofNobody.find(({ actor }) => actor.name === "nobody-2@example.com")).toMatchObject({
    outcome: "denied",
    actor: { type: "external" },
  });
});

describe("a password", () => {
  test.each([
    ["L04 in another case", (password: string) => password.toUpperCase()],
    ["L04 with a space after it", (password: string) => `${password} `],
    ["L04 cut short", (password: string) => password.slice(0, -1)],
    ["L04 with more after it", (password: string) => `${password}x`],
    ["L05 with a NUL in it", (password: string) => `${password.slice(0, 5)}\0${password.slice(5)}`],
  ])("%s is wrong", async (_name, changed) => {
    const { member } = await app.tenant();
    expect((await login(app, { ...member, password: changed(member.password) })).status).toBe(401);
  });

  test("L03 of 73 to 128 characters counts to its last one", async () => {
    const { member, owner } = await app.tenant();
    const me = await app.signIn(member);
    const password = "Übermut tut selten gut, sagte die Ente; ".repeat(4).slice(0, 128);
    const { password: currentPassword } = member;
    const changed = await me.request("POST", "/v1/auth/password", {
      body: { currentPassword, newPassword: password },
    });
    expect(changed.status).toBe(204);
    expect((await login(app, { ...member, password })).status).toBe(200);
    expect(
      (await login(app, { ...member, password: `${password.slice(0, 72)}?${password.slice(73)}` })).status,
    ).toBe(401);
    expect((await login(app, { ...owner, password: "x".repeat(129) })).body).toMatchObject({
      status: 400,
      errors: [{ pointer: "/password" }],
    });
    expect((await login(app, { ...owner, password: "x".repeat(1024 * 1024) })).status).toBe(413);
  });

  test("L05 is the same in every normalisation, and a lone surrogate is none", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const composed = "Caf\u00e9 im Regen \u{1F327} um acht";
    const body = { currentPassword: member.password, newPassword: composed };
    expect((await me.request("POST", "/v1/auth/password", { body })).status).toBe(204);
    expect((await login(app, { ...member, password: composed.normalize("NFD") })).status).toBe(200);
    const lone = `{"email":"${member.email}","password":"a lone surrogate \\ud800 here"}`;
    expect((await app.request("POST", "/v1/auth/login", { body: lone })).body).toMatchObject({ status: 400 });
  });
});

test.each([
  ["capitals", (email: string) => email.toUpperCase(), 200],
  ["a Kelvin sign", (email: string) => email.replace(/^./, "\u212a"), 400],
  ["a dotless i", (email: string) => `\u0131${email}`, 400],
  ["fullwidth letters", (email: string) => email.replace("example", "ｅxample"), 400],
  ["a dot at the end", (email: string) => `${email}.`, 400],
  ["a space", (email: string) => ` ${email}`, 400],
  ["a tag", (email: string) => email.replace("@", "+tag@"), 401],
])("L07 an address with %s is one identity or none: %s", async (_name, spelled, status) => {
  const { member } = await app.tenant();
  expect((await login(app, { ...member, email: spelled(member.email) })).status).toBe(status);
});

test.each([
  "application/x-www-form-urlencoded",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/json; charset=utf-16",
  "",
])("L10 a body of the type %j is refused", async (type) => {
  const { member } = await app.tenant();
  const body = JSON.stringify({ email: member.email, password: member.password });
  const answer = await app.request("POST", "/v1/auth/login", { body, headers: { "content-type": type } });
  expect(answer.body.code).toBe("request.media_type");
});

test.each([
  ["an object for an address", { email: { S: "a" }, password: "x" }],
  ["a list for a password", { email: "a@example.com", password: ["x"] }],
  ["null", { email: "a@example.com", password: null }],
  ["a number", { email: "a@example.com", password: 123 }],
  ["an unknown member", { email: "a@example.com", password: "x", admin: true }],
])("L11 %s is malformed", async (_name, body) => {
  expect((await app.request("POST", "/v1/auth/login", { body })).body.code).toBe("request.invalid");
});

test("S01 a session is made at the sign-in, whatever id and cookie came with it", async () => {
  const { member } = await app.tenant();
  const before = await app.signIn(member);
  const headers = {
    cookie: `__Host-refresh=${before.refreshToken}; sid=${before.sessionId}`,
    "x-session-id": before.sessionId,
  };
  const after = (await login(app, member, { headers, token: before.accessToken })).body.session.id;
  expect(after).not.toBe(before.sessionId);
  expect((await before.request("GET", "/v1/me")).status).toBe(200);
});

test("the address allow list of a tenant holds for signing in and for refreshing", async () => {
  const { member, owner } = await app.tenant({ policy: { ipAllowList: ["192.0.2.0/24"] } });
  expect((await login(app, member)).body.code).toBe("access.denied");
  expect((await login(app, { ...member, password: "wrong" })).body.code).toBe("auth.invalid_credentials");
  expect((await login(app, owner)).body.code).toBe("access.denied");
  const inside = await app.signIn(member, { ip: "192.0.2.4" });
  const body = { refreshToken: inside.refreshToken };
  expect((await app.request("POST", "/v1/auth/refresh", { body })).body.code).toBe("access.denied");
  const { challengeToken } = (await login(app, owner, { ip: "192.0.2.4" })).body;
  expect((await verify(app, challengeToken, app.totp(owner))).body.code).toBe("access.denied");
});
