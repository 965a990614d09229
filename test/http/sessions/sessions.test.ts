import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";

describe("the sessions of a user", () => {
  test("show the device, its name, the address and when it will end", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member, {
      ip: "203.0.113.7",
      deviceName: "Desk",
      headers: { "user-agent": FIREFOX },
    });
    const read = await me.request("GET", "/v1/sessions/current");
    expect(read.body).toMatchObject({
      id: me.sessionId,
      kind: "interactive",
      status: "active",
      device: { browser: "Firefox 132", os: "Linux", type: "desktop", name: "Desk" },
      ip: "203.0.113.7",
      current: true,
    });
  });

  test("are listed newest first, page by page, and by whether they are active", async () => {
    const { member } = await app.tenant();
    const first = await app.signIn(member);
    app.clock.advance(1000);
    const second = await app.signIn(member);
    app.clock.advance(1000);
    const third = await app.signIn(member);
    await second.request("POST", "/v1/auth/logout");
    const page = await third.request("GET", "/v1/sessions?limit=2");
    expect(ids(page.body)).toEqual([third.sessionId, second.sessionId]);
    const next = encodeURIComponent(cursor(page.body));
    expect(ids((await third.request("GET", `/v1/sessions?limit=2&cursor=${next}`)).body)).toEqual([
      first.sessionId,
    ]);
    expect(ids((await third.request("GET", "/v1/sessions?status=ended")).body)).toEqual([second.sessionId]);
    expect(ids((await third.request("GET", "/v1/sessions?status=active")).body)).toEqual([
      third.sessionId,
      first.sessionId,
    ]);
  });

  test("are the tenant's for who may list them, and one's own for everybody", async () => {
    const { owner, member, reader } = await app.tenant();
    const theirs = await app.signIn(member);
    app.clock.advance(1000);
    const admin = await app.signIn(owner);
    expect(ids((await admin.request("GET", "/v1/sessions")).body)).toEqual([
      admin.sessionId,
      theirs.sessionId,
    ]);
    expect(ids((await theirs.request("GET", "/v1/sessions")).body)).toEqual([theirs.sessionId]);
    expect((await theirs.request("GET", `/v1/sessions?userId=${owner.userId}`)).status).toBe(403);
    const viewer = await app.signIn(reader);
    expect(ids((await viewer.request("GET", `/v1/sessions?userId=${member.userId}`)).body)).toEqual([
      theirs.sessionId,
    ]);
    expect((await viewer.request("DELETE", `/v1/sessions/${theirs.sessionId}`)).status).toBe(403);
  });

  test("are hidden from another tenant as if they were not there", async () => {
    const [mine, theirs] = [await app.tenant(), await app.tenant()];
    const me = await app.signIn(mine.owner);
    const other = await app.signIn(theirs.member);
    const foreign = await me.request("GET", `/v1/sessions/${other.sessionId}`);
    const missing = await me.request("GET", "/v1/sessions/ses_00000000000000000000000000");
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
    expect((await me.request("DELETE", `/v1/sessions/${other.sessionId}`)).status).toBe(404);
    expect((await other.request("GET", "/v1/me")).status).toBe(200);
  });
});

describe("ending sessions", () => {
  test("refuses the very next request with the reason", async () => {
    const { member } = await app.tenant();
    const [here, there] = [await app.signIn(member), await app.signIn(member)];
    expect((await here.request("DELETE", `/v1/sessions/${there.sessionId}`)).status).toBe(204);
    const refused = await there.request("GET", "/v1/me");
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ code: "session.ended", reason: "revoked" });
    expect((await here.request("DELETE", `/v1/sessions/${there.sessionId}`)).status).toBe(204);
  });

  test("ends all others and leaves the caller's, with one record each", async () => {
    const { owner, member } = await app.tenant();
    const others = [await app.signIn(member), await app.signIn(member), await app.signIn(member)];
    const me = await app.signIn(member);
    const answer = await me.request("POST", "/v1/sessions/revoke", { body: { exceptCurrent: true } });
    expect(answer.body).toEqual({ revoked: 3 });
    for (const other of others) expect((await other.request("GET", "/v1/me")).status).toBe(401);
    expect((await me.request("GET", "/v1/me")).status).toBe(200);
    expect((await me.request("POST", "/v1/sessions/revoke", { body: { exceptCurrent: true } })).body).toEqual(
      {
        revoked: 0,
      },
    );
    const admin = await app.signIn(owner);
    const ends = await admin.request("GET", `/v1/activity?action=session:end&userId=${member.userId}`);
    expect(items(ends.body)).toHaveLength(3);
  });

  test("S06 fifty times at once while others sign in leaves the caller's, and none that is neither", async () => {
    const { owner, member } = await app.tenant({ policy: { maxConcurrentSessions: 30 } });
    const [me, before] = [await app.signIn(member), await app.signIn(member)];
    const revoke = () => me.request("POST", "/v1/sessions/revoke", { body: { exceptCurrent: true } });
    const signIns = Array.from({ length: 6 }, () => app.signIn(member));
    const revocations = await Promise.all(Array.from({ length: 50 }, revoke));
    const others = [before, ...(await Promise.all(signIns))];
    expect(new Set(revocations.map(({ status }) => status))).toEqual(new Set([200]));
    const isAlive = async (session: SignedIn) => (await session.request("GET", "/v1/me")).status === 200;
    expect(await isAlive(me)).toBe(true);
    const alive: string[] = [me.sessionId];
    for (const other of others) if (await isAlive(other)) alive.push(other.sessionId);
    // What answers is what is listed, and each that does not has the one record of its end.
    const listed = await me.request("GET", "/v1/sessions?status=active");
    expect(ids(listed.body).toSorted()).toEqual(alive.toSorted());
    expect(alive).not.toContain(before.sessionId);
    const last = await revoke();
    expect(last.body).toEqual({ revoked: alive.length - 1 });
    for (const other of others) expect(await isAlive(other)).toBe(false);
    const admin = await app.signIn(owner);
    const ends = await admin.request(
      "GET",
      `/v1/activity?action=session:end&userId=${member.userId}&limit=100`,
    );
    expect(items(ends.body)).toHaveLength(others.length);
  });

  test("asks for a recent factor before another user's sessions are ended", async () => {
    const { owner, member } = await app.tenant({ policy: { stepUpMaxAgeSeconds: 60 } });
    const theirs = await app.signIn(member);
    const admin = await app.signIn(owner);
    app.clock.advance(61_000);
    const late = await admin.request("DELETE", `/v1/sessions/${theirs.sessionId}`);
    expect(late.body).toMatchObject({ code: "auth.step_up_required", maxAgeSeconds: 60 });
    expect(late.headers["www-authenticate"]).toBe(
      'Bearer error="insufficient_user_authentication", max_age="60"',
    );
    const again = await app.signIn(owner);
    expect((await again.request("DELETE", `/v1/sessions/${theirs.sessionId}`)).status).toBe(204);
  });

  test("S04 happens by itself when idle, dated at the idle timeout", async () => {
    const { member } = await app.tenant({ policy: { idleTimeoutSeconds: 100 } });
    const idle = await app.signIn(member);
    const startMs = app.clock.now();
    app.clock.advance(109_999);
    expect((await idle.request("GET", "/v1/me")).status).toBe(200);
    app.clock.advance(110_000);
    const refused = await idle.request("GET", "/v1/me");
    expect(refused.body).toMatchObject({ code: "session.ended", reason: "idle_expired" });
    const me = await app.signIn(member);
    const read = await me.request("GET", `/v1/sessions/${idle.sessionId}`);
    expect(read.body).toMatchObject({
      status: "ended",
      endReason: "idle_expired",
      endedAt: new Date(startMs + 109_999 + 100_000).toISOString(),
    });
  });

  test("S04 never comes early, and at most a tenth of the idle timeout late", async () => {
    const { member } = await app.tenant({ policy: { idleTimeoutSeconds: 200 } });
    for (const [afterMs, status] of [
      [199_000, 200],
      [220_000, 401],
    ] as const) {
      const idle = await app.signIn(member);
      app.clock.advance(afterMs);
      expect((await idle.request("GET", "/v1/me")).status).toBe(status);
    }
  });

  test("S04 comes at the absolute timeout to the second, though the session is active each minute", async () => {
    const policy = { idleTimeoutSeconds: 120, absoluteTimeoutSeconds: 600 };
    const me = await app.signIn((await app.tenant({ policy })).member);
    let { accessToken: token, refreshToken } = me;
    const atMs = async (ms: number) => {
      app.clock.advance(ms);
      const body = { refreshToken };
      const refreshed = await app.request("POST", "/v1/auth/refresh", { body });
      if (refreshed.status === 200) ({ accessToken: token, refreshToken } = refreshed.body);
      return (await app.request("GET", "/v1/me", { token })).status;
    };
    for (let minute = 1; minute < 10; minute++) expect(await atMs(60_000)).toBe(200);
    expect(await atMs(59_000)).toBe(200);
    expect(await atMs(2000)).toBe(401);
    const again = await app.request("POST", "/v1/auth/refresh", { body: { refreshToken } });
    expect(again.body).toMatchObject({ code: "session.ended", reason: "absolute_expired" });
  });

  test("S04 happens at the absolute timeout however busy the session is", async () => {
    const { member } = await app.tenant();
    const busy = await app.signIn(member);
    let token = { access: busy.accessToken, refresh: busy.refreshToken };
    for (let minute = 0; minute < 43_200; minute += 1500) {
      app.clock.advance(1_500_000);
      const refreshed = await app.request("POST", "/v1/auth/refresh", {
        body: { refreshToken: token.refresh },
      });
      if (refreshed.status !== 200) {
        expect(refreshed.body).toMatchObject({ code: "session.ended", reason: "absolute_expired" });
        expect(minute + 1500).toBe(43_500);
        return;
      }
      const { accessToken, refreshToken } = refreshed.body as { accessToken: string; refreshToken: string };
      token = { access: accessToken, refresh: refreshToken };
    }
    throw new Error("The session never ended.");
  });
});

describe("the limit of concurrent sessions", () => {
  test("ends the least recently used, and holds when twenty sign in at once", async () => {
    const { member } = await app.tenant({ policy: { maxConcurrentSessions: 3 } });
    const signedIn = await Promise.all(Array.from({ length: 20 }, () => app.signIn(member)));
    const alive = await Promise.all(signedIn.map((session) => session.request("GET", "/v1/me")));
    expect(alive.filter(({ status }) => status === 200)).toHaveLength(3);
    const reasons = alive.filter(({ status }) => status === 401).map(({ body }) => body.reason);
    expect(new Set(reasons)).toEqual(new Set(["evicted"]));
    const me = signedIn[alive.findIndex(({ status }) => status === 200)];
    expect(items((await me?.request("GET", "/v1/sessions?status=active"))?.body)).toHaveLength(3);
  });
});

function items(body: unknown): readonly { readonly id: string }[] {
  return (body as { items: { id: string }[] }).items;
}

function ids(body: unknown): readonly string[] {
  return items(body).map(({ id }) => id);
}

function cursor(body: unknown): string {
  return (body as { nextCursor: string }).nextCursor;
}
