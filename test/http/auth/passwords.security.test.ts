// Guarantees: a letter tells nobody who has an account, sets a password once, and never goes round the second factor; a
// new password is a good one and ends what the old one opened (attack rows L02, L06, S02).
import { afterAll, describe, expect, test } from "@jest/globals";
import type { TestUser } from "../../support/accounts.ts";
import { startApp } from "../../support/app.ts";
import { messagesTo } from "../../support/outbox.ts";
import { login } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

const NEW = "seven quiet otters under ice";
const MINUTES = 60_000;

const ask = (email: string) => app.request("POST", "/v1/auth/password-reset", { body: { email } });
const confirm = (token: string, newPassword = NEW) =>
  app.request("POST", "/v1/auth/password-reset/confirm", { body: { token, newPassword } });

async function letterTo({ email }: TestUser): Promise<string> {
  await ask(email);
  await app.deliverStreams();
  return messagesTo(email).at(-1)?.data.token ?? "";
}

describe("changing one's password", () => {
  test("ends every other session and keeps this one", async () => {
    const { member } = await app.tenant();
    const [other, me] = [await app.signIn(member), await app.signIn(member)];
    const body = { currentPassword: member.password, newPassword: NEW };
    expect((await me.request("POST", "/v1/auth/password", { body })).status).toBe(204);
    expect((await other.request("GET", "/v1/me")).body).toMatchObject({
      code: "session.ended",
      reason: "revoked",
    });
    const refresh = { body: { refreshToken: other.refreshToken } };
    expect((await app.request("POST", "/v1/auth/refresh", refresh)).body.code).toBe("session.ended");
    expect((await me.request("GET", "/v1/me")).status).toBe(200);
    expect((await login(app, member)).status).toBe(401);
    expect((await login(app, { ...member, password: NEW })).status).toBe(200);
  });

  test("takes the present password, and guessing it counts as guessing to sign in", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const body = { currentPassword: "not the present password", newPassword: NEW };
    for (let count = 0; count < 5; count++) {
      expect((await me.request("POST", "/v1/auth/password", { body })).body.code).toBe(
        "auth.invalid_credentials",
      );
    }
    expect((await me.request("POST", "/v1/auth/password", { body })).status).toBe(429);
  });

  test("of two changes at once one wins", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const change = (newPassword: string) =>
      me.request("POST", "/v1/auth/password", { body: { currentPassword: member.password, newPassword } });
    const answers = await Promise.all([change(NEW), change("nine loud geese over sand")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401]);
  });

  test.each([
    ["short", "fourteen chars"],
    ["common", "passwordpassword"],
    ["a repetition", "abcabcabcabcabcabc"],
    ["a walk over the keyboard", "qwertyuiopasdfgh"],
    ["the product's name", "active-session-2026"],
    ["long", "x".repeat(129)],
  ])("L06 does not take one that is %s", async (_name, newPassword) => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const body = { currentPassword: member.password, newPassword };
    const answer = await me.request("POST", "/v1/auth/password", { body });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: "/newPassword" }] });
    expect(answer.text).not.toContain(newPassword);
  });

  test("takes eight characters where the tenant demands a second factor", async () => {
    const { owner } = await app.tenant({ policy: { mfa: "required" } });
    const me = await app.signIn(owner);
    const change = (newPassword: string) =>
      me.request("POST", "/v1/auth/password", { body: { currentPassword: owner.password, newPassword } });
    expect((await change("k7#mPq2")).status).toBe(400);
    expect((await change("k7#mPq2v")).status).toBe(204);
  });
});

describe("a reset", () => {
  test("is void once its reader's address is another", async () => {
    const { owner, member } = await app.tenant();
    const token = await letterTo(member);
    const me = await app.signIn(owner);
    const email = `moved-${member.email}`;
    const moved = await me.request("PATCH", `/v1/users/${member.userId}`, { body: { email } });
    expect(moved.status).toBe(200);
    expect((await confirm(token)).body.code).toBe("auth.token_invalid");
  });

  test("L02 answers the same for an address that nobody has, and a letter goes to those who have one", async () => {
    const { member } = await app.tenant();
    const [known, unknown] = [await ask(member.email), await ask("nobody@example.com")];
    expect(known.status).toBe(202);
    expect(known.body).toEqual(unknown.body);
    await app.deliverStreams();
    expect(messagesTo(member.email)).toMatchObject([
      { channel: "mail", data: { token: expect.any(String) } },
    ]);
    expect(messagesTo("nobody@example.com")).toEqual([]);
  });

  test("sets a new password once, and ends all sessions", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const token = await letterTo(member);
    expect((await confirm(token)).status).toBe(204);
    expect((await me.request("GET", "/v1/me")).body.reason).toBe("revoked");
    expect((await confirm(token)).body.code).toBe("auth.token_invalid");
    expect((await login(app, { ...member, password: NEW })).status).toBe(200);
  });

  test("of twenty uses of a token at once one counts", async () => {
    const { member } = await app.tenant();
    const token = await letterTo(member);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => confirm(token, `${NEW} number ${index}`)),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });

  test("never goes round the second factor", async () => {
    const { owner } = await app.tenant();
    expect((await confirm(await letterTo(owner))).status).toBe(204);
    expect((await login(app, { ...owner, password: NEW })).body.status).toBe("mfa_required");
  });

  test("is over after 30 minutes, after another one was used, and after the password was changed", async () => {
    const { member, reader } = await app.tenant();
    const late = await letterTo(member);
    app.clock.advance(30 * MINUTES);
    expect((await confirm(late)).body.code).toBe("auth.token_invalid");
    const [first, second] = [await letterTo(member), await letterTo(member)];
    expect((await confirm(second)).status).toBe(204);
    expect((await confirm(first)).body.code).toBe("auth.token_invalid");
    const before = await letterTo(reader);
    const me = await app.signIn(reader);
    const body = { currentPassword: reader.password, newPassword: NEW };
    await me.request("POST", "/v1/auth/password", { body });
    expect((await confirm(before)).body.code).toBe("auth.token_invalid");
  });

  test("does not take a bad password, and the token stays good for a better one", async () => {
    const { member } = await app.tenant();
    const token = await letterTo(member);
    expect((await confirm(token, "short")).body.errors[0].pointer).toBe("/newPassword");
    expect((await confirm(token)).status).toBe(204);
  });

  test("sends five letters in an hour at most, whoever asks", async () => {
    const { member } = await app.tenant();
    for (let count = 0; count < 8; count++) {
      await ask(member.email);
      app.clock.advance(1000);
    }
    await app.deliverStreams();
    expect(messagesTo(member.email)).toHaveLength(5);
    app.clock.advance(60 * MINUTES);
    await letterTo(member);
    expect(messagesTo(member.email)).toHaveLength(6);
  });

  test("sends a disabled user nothing, and their token sets nothing", async () => {
    const { owner, member } = await app.tenant();
    const token = await letterTo(member);
    const admin = await app.signIn(owner);
    await admin.request("PATCH", `/v1/users/${member.userId}`, { body: { disabled: true } });
    expect((await confirm(token)).body.code).toBe("auth.token_invalid");
    await letterTo(member);
    expect(messagesTo(member.email)).toHaveLength(1);
  });

  test("brings no new attempts with codes", async () => {
    const { owner } = await app.tenant();
    const { challengeToken } = (await login(app, owner)).body;
    const verify = (code: string) => app.request("POST", "/v1/auth/mfa", { body: { challengeToken, code } });
    for (let count = 0; count < 5; count++) await verify("000000");
    expect((await confirm(await letterTo(owner))).status).toBe(204);
    expect((await login(app, { ...owner, password: NEW })).status).toBe(429);
  });
});

test.each(["x", "", "A".repeat(4096)])("what is no token of a letter is refused: %j", async (token) => {
  expect([400, 401]).toContain((await confirm(token)).status);
});

test("no password, token or hash is on any record", async () => {
  const { id, member } = await app.tenant();
  const token = await letterTo(member);
  await confirm(token);
  const records = JSON.stringify(await app.records(id));
  for (const secret of [token, NEW, member.password, "argon2"]) expect(records).not.toContain(secret);
});
