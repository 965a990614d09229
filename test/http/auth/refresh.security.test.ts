// Guarantees: there is one chain of refresh tokens, a stolen one ends the session, and nothing lives on once a session
// has ended (attack rows R01 to R07, J16, J17, J19).
import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const MINUTES = 60_000;
const refresh = (refreshToken: unknown, token?: string) =>
  app.request("POST", "/v1/auth/refresh", {
    body: { refreshToken },
    ...(token === undefined ? {} : { token }),
  });

const somebody = async () => await app.signIn((await app.tenant()).member);

test("R01 fifty uses of a token at once give one and the same successor, and one live chain", async () => {
  const me = await somebody();
  const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(me.refreshToken)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const successors = new Set(answers.map(({ body }) => body.refreshToken));
  expect(successors.size).toBe(1);
  expect((await refresh([...successors][0])).status).toBe(200);
});

test("R02 a token used again after its grace ends the session, and is on record", async () => {
  const { id, member } = await app.tenant();
  const me = await app.signIn(member);
  const next = (await refresh(me.refreshToken)).body;
  app.clock.advance(10_000);
  const reused = await refresh(me.refreshToken);
  expect(reused.status).toBe(401);
  expect(reused.body.code).toBe("refresh.reused");
  expect((await app.request("GET", "/v1/me", { token: next.accessToken })).body.reason).toBe(
    "refresh_reused",
  );
  expect((await refresh(next.refreshToken)).body).toMatchObject({
    code: "session.ended",
    reason: "refresh_reused",
  });
  const records = await app.records(id, reused);
  expect(
    records.map(({ action, errorCode, attributes }) => [action, errorCode ?? attributes?.["reason"]]).sort(),
  ).toEqual([
    ["auth:refresh", "refresh.reused"],
    ["session:end", "refresh_reused"],
  ]);
});

test("R02 a token two steps back is stolen, also within the grace", async () => {
  const me = await somebody();
  const { refreshToken } = (await refresh(me.refreshToken)).body;
  await refresh(refreshToken);
  expect((await refresh(me.refreshToken)).body.code).toBe("refresh.reused");
});

test("R03 a token with another session's access token beside it is refused, and does no harm", async () => {
  const [one, other] = [await somebody(), await somebody()];
  expect((await refresh(one.refreshToken, other.accessToken)).body.code).toBe("refresh.invalid");
  expect((await refresh(one.refreshToken, one.accessToken)).status).toBe(200);
});

test("an expired access token beside it is no reason to refuse", async () => {
  const me = await somebody();
  app.clock.advance(6 * MINUTES);
  expect((await refresh(me.refreshToken, me.accessToken)).status).toBe(200);
});

describe("R04 there is no refresh", () => {
  test.each<[string, Record<string, number>, number, string]>([
    ["after the idle end", { idleTimeoutSeconds: 600 }, 660_000, "idle_expired"],
    ["after the absolute end", { absoluteTimeoutSeconds: 60 }, 60_000, "absolute_expired"],
  ])("%s", async (_name, policy, afterMs, reason) => {
    const { member } = await app.tenant({ policy });
    const me = await app.signIn(member);
    app.clock.advance(afterMs);
    expect((await refresh(me.refreshToken)).body).toMatchObject({ code: "session.ended", reason });
  });

  test("after all sessions were ended", async () => {
    const me = await somebody();
    await me.request("POST", "/v1/sessions/revoke", { body: {} });
    expect((await refresh(me.refreshToken)).body).toMatchObject({ code: "session.ended", reason: "revoked" });
  });
});

test("R05 a lost answer is given again for ten seconds, whatever key came with it", async () => {
  const me = await somebody();
  const send = () =>
    app.request("POST", "/v1/auth/refresh", {
      body: { refreshToken: me.refreshToken },
      headers: { "idempotency-key": "one" },
    });
  const first = await send();
  app.clock.advance(9999);
  expect((await send()).body.refreshToken).toBe(first.body.refreshToken);
});

test.each([
  [
    "one character changed",
    (token: string) => `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`,
    401,
  ],
  ["nothing", () => "", 400],
  ["10 kB", () => "x".repeat(10_000), 400],
  ["a list", (token: string) => [token], 400],
  ["an object", (token: string) => ({ token }), 400],
  ["an access token", (_token: string, me: SignedIn) => me.accessToken, 401],
])("R06 %s is refused", async (_name, changed, status) => {
  const me = await somebody();
  expect((await refresh(changed(me.refreshToken, me))).status).toBe(status);
  expect((await refresh(me.refreshToken)).status).toBe(200);
});

test("R07 nothing lives on after the session was ended, however a refresh raced with it", async () => {
  const { addUser } = await app.tenant();
  const user = await addUser(["member"]);
  for (let round = 0; round < 16; round++) {
    const me = await app.signIn(user);
    const [answers, ended] = await Promise.all([
      Promise.all(Array.from({ length: 3 }, () => refresh(me.refreshToken))),
      round % 2 === 0 ? me.request("DELETE", "/v1/sessions/current") : me.request("POST", "/v1/auth/logout"),
    ]);
    expect(ended.status).toBe(204);
    for (const { body } of answers) {
      if (body.accessToken === undefined) continue;
      expect((await app.request("GET", "/v1/me", { token: body.accessToken })).body.code).toBe(
        "session.ended",
      );
      expect((await refresh(body.refreshToken)).body.code).toBe("session.ended");
    }
  }
});

test("J16 a token is refused by every function once DELETE has answered", async () => {
  const me = await somebody();
  expect((await me.request("DELETE", "/v1/sessions/current")).status).toBe(204);
  const answers = await Promise.all([
    me.request("GET", "/v1/me"),
    me.request("GET", "/v1/sessions"),
    me.request("POST", "/v1/auth/logout"),
    me.request("GET", "/v1/users"),
    refresh(me.refreshToken),
  ]);
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
    Array(5).fill([401, "session.ended"]),
  );
});

describe("J17 from the very next request on", () => {
  test("a role taken away is gone", async () => {
    const { owner, addUser } = await app.tenant();
    const user = await addUser(["admin"]);
    const [admin, me] = [await app.signIn(owner), await app.signIn(user)];
    expect((await me.request("GET", "/v1/users")).status).toBe(200);
    await admin.request("PATCH", `/v1/users/${user.userId}`, { body: { roles: ["billing"] } });
    expect((await me.request("GET", "/v1/users")).status).toBe(403);
  });

  test("a disabled user is out, and stays out", async () => {
    const { owner, member } = await app.tenant();
    const [admin, me] = [await app.signIn(owner), await app.signIn(member)];
    await admin.request("PATCH", `/v1/users/${member.userId}`, { body: { disabled: true } });
    expect((await me.request("GET", "/v1/me")).body).toMatchObject({
      code: "session.ended",
      reason: "user_disabled",
    });
    expect((await refresh(me.refreshToken)).status).toBe(401);
  });
});

test.each([
  ["lower-case scheme", (token: string) => `bearer ${token}`, 200],
  ["two spaces", (token: string) => `Bearer  ${token}`, 401],
  ["two headers, as the gateway joins them", (token: string) => `Bearer ${token},Bearer ${token}`, 401],
  ["no scheme", (token: string) => token, 401],
  ["another scheme", (token: string) => `Basic ${token}`, 401],
  ["a challenge where none is taken", (token: string) => `Challenge ${token}`, 401],
])("J19 %s: %s", async (_name, header, status) => {
  const me = await somebody();
  const headers = { authorization: header(me.accessToken) };
  expect((await app.request("GET", "/v1/me", { headers })).status).toBe(status);
});
