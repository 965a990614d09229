// Guarantees: a user never has more sessions than the tenant allows, whatever happens at the limit and however many sign
// in at once (attack row S05, S03).
import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { addApp, codeAt, login, verify } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

async function activeOf(token: string): Promise<readonly string[]> {
  const { items } = (await app.request("GET", "/v1/sessions?status=active", { token })).body;
  return items.map(({ id }: { id: string }) => id);
}

describe("S05 fifty sign-ins at once within a limit of three", () => {
  test.each(["evict_oldest", "deny", "ask"] as const)("leave three at most (%s)", async (onSessionLimit) => {
    const { member } = await app.tenant({ policy: { maxConcurrentSessions: 3, onSessionLimit } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => login(app, member)));
    const opened = answers.filter(({ status }) => status === 200);
    const alive = await Promise.all(
      opened.map(({ body }) => app.request("GET", "/v1/me", { token: body.accessToken })),
    );
    const living = alive.filter(({ status }) => status === 200);
    expect(living).toHaveLength(3);
    if (onSessionLimit !== "evict_oldest") {
      expect(opened).toHaveLength(3);
      const codes = new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.code));
      expect([...codes]).toEqual(["session.limit_reached"]);
    }
  });
});

describe("a tenant that refuses", () => {
  const policy = { maxConcurrentSessions: 1, onSessionLimit: "deny" } as const;

  test("lets nobody in until a session ends", async () => {
    const { member } = await app.tenant({ policy });
    const me = await app.signIn(member);
    const refused = await login(app, member);
    expect(refused.body).toMatchObject({ status: 409, code: "session.limit_reached" });
    expect(refused.body.sessions).toBeUndefined();
    expect((await me.request("POST", "/v1/auth/logout")).status).toBe(204);
    expect((await login(app, member)).status).toBe(200);
  });

  test("S03 does not count a session whose time is over, although its row is still there", async () => {
    const { member } = await app.tenant({ policy: { ...policy, idleTimeoutSeconds: 600 } });
    await app.signIn(member);
    app.clock.advance(660_000);
    expect((await login(app, member)).status).toBe(200);
  });
});

describe("a tenant that asks", () => {
  const policy = { maxConcurrentSessions: 2, onSessionLimit: "ask" } as const;

  test("says which sessions there are, and ends the one chosen", async () => {
    const { id, member } = await app.tenant({ policy });
    const first = await app.signIn(member, { deviceName: "Desk", ip: "192.0.2.1" });
    app.clock.advance(1000);
    const second = await app.signIn(member);
    const asked = await login(app, member);
    expect(asked.status).toBe(409);
    expect(asked.body.sessions).toHaveLength(2);
    expect(asked.body.sessions).toContainEqual({
      id: first.sessionId,
      device: { browser: "Firefox 140", os: "Linux", type: "desktop", name: "Desk" },
      ip: "192.0.2.1",
      createdAt: expect.any(String),
      lastSeenAt: expect.any(String),
    });
    const { challengeToken } = asked.body;
    const body = { challengeToken, sessionId: first.sessionId };
    const answer = await app.request("POST", "/v1/auth/replace", { body });
    expect(answer.status).toBe(200);
    expect((await first.request("GET", "/v1/me")).body.reason).toBe("evicted");
    expect((await second.request("GET", "/v1/me")).status).toBe(200);
    expect(await activeOf(answer.body.accessToken)).toHaveLength(2);
    expect((await app.request("POST", "/v1/auth/replace", { body })).body.code).toBe("mfa.challenge_expired");
    const actions = (await app.records(id, answer)).map(({ action }) => action).sort();
    expect(actions).toEqual(["auth:replace", "session:end", "session:start"]);
  });

  test("does not ask for the second factor twice, and takes its code once", async () => {
    const { member } = await app.tenant({ policy: { ...policy, maxConcurrentSessions: 1 } });
    const me = await app.signIn(member);
    const { secret } = await addApp(app, me);
    app.clock.advance(30_000);
    const code = codeAt(app, secret);
    const asked = await verify(app, (await login(app, member)).body.challengeToken, code);
    expect(asked.body.code).toBe("session.limit_reached");
    const again = await verify(app, (await login(app, member)).body.challengeToken, code);
    expect(again.body.code).toBe("mfa.invalid_code");
    const body = { challengeToken: asked.body.challengeToken, sessionId: me.sessionId };
    const answer = await app.request("POST", "/v1/auth/replace", { body });
    expect(answer.body.session.amr).toEqual(["pwd", "otp", "mfa"]);
  });

  test("ends nobody else's session, and none of the user's that has ended", async () => {
    const { member, reader } = await app.tenant({ policy });
    const stranger = await app.signIn(reader);
    const [one, two] = [await app.signIn(member), await app.signIn(member)];
    await one.request("POST", "/v1/auth/logout");
    await app.signIn(member);
    const { challengeToken } = (await login(app, member)).body;
    for (const sessionId of [stranger.sessionId, one.sessionId, "ses_none"]) {
      const body = { challengeToken, sessionId };
      expect((await app.request("POST", "/v1/auth/replace", { body })).status).toBe(404);
    }
    expect((await stranger.request("GET", "/v1/me")).status).toBe(200);
    expect((await two.request("GET", "/v1/me")).status).toBe(200);
  });

  test("a choice waits five minutes, and a challenge that waits for a code is no choice", async () => {
    const { owner, member } = await app.tenant({ policy });
    const [me] = [await app.signIn(member), await app.signIn(member)];
    const { challengeToken } = (await login(app, member)).body;
    app.clock.advance(300_000);
    const body = { challengeToken, sessionId: me.sessionId };
    expect((await app.request("POST", "/v1/auth/replace", { body })).body.code).toBe("mfa.challenge_expired");
    const waiting = {
      challengeToken: (await login(app, owner)).body.challengeToken,
      sessionId: me.sessionId,
    };
    const refused = await app.request("POST", "/v1/auth/replace", { body: waiting });
    expect(refused.body.code).toBe("mfa.challenge_expired");
  });
});

test("a limit lowered from forty-five to one is met at the next sign-in", async () => {
  const { owner, member } = await app.tenant({ policy: { maxConcurrentSessions: 45 } });
  for (let count = 0; count < 5; count++) {
    await Promise.all(Array.from({ length: 9 }, () => login(app, member)));
  }
  const admin = await app.signIn(owner);
  const { policy } = { policy: (await admin.request("GET", "/v1/tenant/policy")).body };
  await admin.request("PUT", "/v1/tenant/policy", { body: { ...policy, maxConcurrentSessions: 1 } });
  const me = (await login(app, member)).body;
  expect(await activeOf(me.accessToken)).toEqual([me.session.id]);
});
