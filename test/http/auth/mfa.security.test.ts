// Guarantees: a code counts once, for its owner, in its time, and only where its factor was shown to work (attack rows
// T01 to T03, T05 to T10).
import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { addApp, codeAt, login, verify } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

const MINUTES = 60_000;

/** Somebody with an authenticator app, whose codes of this time were not used. */
async function somebody() {
  const { owner } = await app.tenant();
  const secret = owner.totpSecret ?? "";
  return {
    owner,
    code: (steps = 0) => codeAt(app, secret, steps),
    challenge: async (): Promise<string> => (await login(app, owner)).body.challengeToken,
  };
}

test("T01 a code is good once", async () => {
  const { code, challenge } = await somebody();
  const used = code();
  expect((await verify(app, await challenge(), used)).status).toBe(200);
  expect((await verify(app, await challenge(), used)).body.code).toBe("mfa.invalid_code");
});

test("T02 of fifty uses of a code at once one is taken, and there is one session", async () => {
  const { owner, code, challenge } = await somebody();
  const [first, second] = [await challenge(), await challenge()];
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => verify(app, index % 2 === 0 ? first : second, code())),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const accessToken = answers.find(({ status }) => status === 200)?.body.accessToken;
  const sessions = await app.request("GET", "/v1/sessions?status=active", { token: accessToken });
  expect(
    sessions.body.items.filter(({ userId }: { userId: string }) => userId === owner.userId),
  ).toHaveLength(1);
});

test.each([
  [-2, 401],
  [-1, 200],
  [0, 200],
  [1, 200],
  [2, 401],
])("T03 the code of step %d: %d", async (steps, status) => {
  const { code, challenge } = await somebody();
  expect((await verify(app, await challenge(), code(steps))).status).toBe(status);
});

test("T03 no older code after a newer one", async () => {
  const { code, challenge } = await somebody();
  expect((await verify(app, await challenge(), code(1))).status).toBe(200);
  expect((await verify(app, await challenge(), code(0))).status).toBe(401);
});

test.each([
  ["fullwidth", "１２３４５６"],
  ["Arabic-Indic", "١٢٣٤٥٦"],
  ["with a line break", "123456\n"],
  ["with a space", " 123456"],
  ["signed", "+12345"],
  ["exponent", "1e5"],
  ["a number", 123_456],
  ["five digits", "12345"],
  ["seven digits", "1234567"],
  ["empty", ""],
  ["null", null],
])("T05 a code that is %s is malformed and costs no attempt", async (_name, code) => {
  const { owner, challenge } = await somebody();
  const challengeToken = await challenge();
  for (let count = 0; count < 6; count++) {
    const answer = await app.request("POST", "/v1/auth/mfa", { body: { challengeToken, code } });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: "/code" }] });
  }
  expect((await verify(app, challengeToken, app.totp(owner))).status).toBe(200);
});

describe("T06", () => {
  test("another user's code is refused", async () => {
    const [one, other] = [await somebody(), await app.tenant()];
    const stranger = await app.signIn(await other.addUser(["member"]));
    const { secret } = await addApp(app, stranger);
    app.clock.advance(MINUTES);
    expect((await verify(app, await one.challenge(), codeAt(app, secret))).status).toBe(401);
  });

  test("a challenge is good once", async () => {
    const { code, challenge } = await somebody();
    const challengeToken = await challenge();
    expect((await verify(app, challengeToken, code())).status).toBe(200);
    expect((await verify(app, challengeToken, code(1))).body.code).toBe("mfa.challenge_expired");
  });

  test("a challenge is over after five minutes", async () => {
    const { code, challenge } = await somebody();
    const challengeToken = await challenge();
    app.clock.advance(5 * MINUTES);
    expect((await verify(app, challengeToken, code())).body.code).toBe("mfa.challenge_expired");
  });

  test("what is no challenge of ours, or changed, is refused", async () => {
    const { code, challenge } = await somebody();
    const challengeToken = await challenge();
    for (const token of [
      "x",
      `${challengeToken}A`,
      challengeToken.slice(0, -1),
      challengeToken.toUpperCase(),
    ]) {
      expect((await verify(app, token, code())).body.code).toBe("mfa.challenge_expired");
    }
  });
});

test("T07 a factor that was never verified protects nothing and lets nobody in", async () => {
  const { member } = await app.tenant();
  const me = await app.signIn(member);
  const { secret, id } = (await me.request("POST", "/v1/me/factors", { body: { type: "totp", label: "A" } }))
    .body;
  expect((await login(app, member)).body.status).toBe("active");
  const stepUp = await me.request("POST", "/v1/auth/step-up", { body: { code: codeAt(app, secret) } });
  expect(stepUp.body.code).toBe("mfa.enrollment_required");
  app.clock.advance(15 * MINUTES);
  const { accessToken: token } = (
    await app.request("POST", "/v1/auth/refresh", { body: { refreshToken: me.refreshToken } })
  ).body;
  const body = { code: codeAt(app, secret) };
  expect((await app.request("POST", `/v1/me/factors/${id}/verify`, { token, body })).status).toBe(404);
});

describe("T08 with a factor verified 20 minutes ago", () => {
  test.each([
    ["a factor is not removed", "DELETE", (id: string) => `/v1/me/factors/${id}`, undefined],
    ["no other factor is added", "POST", () => "/v1/me/factors", { type: "totp", label: "Mine" }],
    ["recovery codes are not replaced", "POST", () => "/v1/me/recovery-codes", undefined],
  ])("%s", async (_name, method, path, body) => {
    const { owner } = await app.tenant();
    const me = await app.signIn(owner);
    const { items } = (await me.request("GET", "/v1/me/factors")).body;
    app.clock.advance(20 * MINUTES);
    // The token of the sign-in has expired, the session has not.
    const { accessToken: token } = (
      await app.request("POST", "/v1/auth/refresh", { body: { refreshToken: me.refreshToken } })
    ).body;
    const options = { token, ...(body === undefined ? {} : { body }) };
    const refused = await app.request(method, path(items[0].id), options);
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ code: "auth.step_up_required", maxAgeSeconds: 300 });
    expect(refused.headers["www-authenticate"]).toBe(
      'Bearer error="insufficient_user_authentication", max_age="300"',
    );
    const raised = await app.request("POST", "/v1/auth/step-up", { token, body: { code: app.totp(owner) } });
    const done = await app.request(method, path(items[0].id), { ...options, token: raised.body.accessToken });
    expect(done.status).toBeLessThan(300);
  });
});

describe("recovery codes", () => {
  async function withCodes() {
    const { member } = await app.tenant();
    const { recoveryCodes, secret } = await addApp(app, await app.signIn(member));
    const challenge = async (): Promise<string> => (await login(app, member)).body.challengeToken;
    return { member, recoveryCodes, secret, challenge };
  }

  test("T09 of fifty uses of one at once one is taken", async () => {
    const { recoveryCodes, challenge } = await withCodes();
    const challenges = await Promise.all([challenge(), challenge(), challenge()]);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        verify(app, challenges[index % 3] ?? "", recoveryCodes[0] ?? ""),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await verify(app, await challenge(), recoveryCodes[0] ?? "")).status).not.toBe(200);
  });

  test("T10 are taken in capitals, with spaces and without hyphens", async () => {
    const { recoveryCodes, challenge } = await withCodes();
    const [first = "", second = "", third = ""] = recoveryCodes;
    const spellings = [first.toUpperCase(), second.replaceAll("-", " "), third.replaceAll("-", "")];
    for (const spelling of spellings) {
      const answer = await verify(app, await challenge(), spelling);
      expect(answer.body.session.amr).toEqual(["pwd", "otp", "mfa"]);
    }
  });

  test("T10 the old ones are void once there are new ones", async () => {
    const { recoveryCodes, secret, challenge } = await withCodes();
    app.clock.advance(30_000);
    const token = (await verify(app, await challenge(), codeAt(app, secret))).body.accessToken;
    const replaced = await app.request("POST", "/v1/me/recovery-codes", { token });
    expect(replaced.body.recoveryCodes).toHaveLength(10);
    expect((await verify(app, await challenge(), recoveryCodes[0] ?? "")).status).toBe(401);
    expect((await verify(app, await challenge(), replaced.body.recoveryCodes[0])).status).toBe(200);
  });

  test("go with the last factor", async () => {
    const { member, recoveryCodes, secret, challenge } = await withCodes();
    app.clock.advance(30_000);
    const token = (await verify(app, await challenge(), codeAt(app, secret))).body.accessToken;
    const { items } = (await app.request("GET", "/v1/me/factors", { token })).body;
    expect((await app.request("DELETE", `/v1/me/factors/${items[0].id}`, { token })).status).toBe(204);
    expect((await app.request("GET", "/v1/me/factors", { token })).body).toMatchObject({
      items: [],
      recoveryCodesLeft: 0,
    });
    const again = await app.signIn(member);
    const fresh = await addApp(app, again);
    expect(fresh.recoveryCodes).not.toContain(recoveryCodes[0]);
  });
});

test("another user's factor is not found, whatever is done with it", async () => {
  const { owner, addUser } = await app.tenant();
  const victim = await app.signIn(await addUser(["member"]));
  const { id } = (await victim.request("POST", "/v1/me/factors", { body: { type: "totp", label: "A" } }))
    .body;
  const me = await app.signIn(owner);
  expect((await me.request("DELETE", `/v1/me/factors/${id}`)).status).toBe(404);
  expect((await me.request("POST", `/v1/me/factors/${id}/verify`, { body: { code: "123456" } })).status).toBe(
    404,
  );
  expect((await me.request("POST", `/v1/me/factors/${id}/send`)).status).toBe(404);
});

test("of fifty verifications of a new factor at once one makes it a factor", async () => {
  const { member } = await app.tenant();
  const me = await app.signIn(member);
  const { id, secret } = (await me.request("POST", "/v1/me/factors", { body: { type: "totp", label: "A" } }))
    .body;
  const body = { code: codeAt(app, secret) };
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => me.request("POST", `/v1/me/factors/${id}/verify`, { body })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
});

test("a user has ten factors at most, those waiting for their proof included", async () => {
  const { member } = await app.tenant();
  const me = await app.signIn(member);
  const add = () => me.request("POST", "/v1/me/factors", { body: { type: "totp", label: "A" } });
  for (let count = 0; count < 10; count++) expect((await add()).status).toBe(201);
  expect((await add()).body.code).toBe("conflict");
});

test("a kind of factor that the tenant does not allow is not added and not asked for", async () => {
  const { owner, member } = await app.tenant({ policy: { allowedFactors: ["passkey"] } });
  const me = await app.signIn(member);
  const added = await me.request("POST", "/v1/me/factors", { body: { type: "totp", label: "A" } });
  expect(added.body.code).toBe("access.denied");
  expect((await login(app, owner)).body.status).toBe("active");
});
