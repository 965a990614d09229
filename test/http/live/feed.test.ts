import { startApp } from "../../support/app.ts";
import { feedsOn, openFeed, startGateway } from "../../support/live-feeds.ts";

const gateway = await startGateway();
const app = await startApp({ env: { LIVE_ENDPOINT: gateway.url, LIVE_LOOKS: "1" } });
afterAll(() => {
  app.stop();
  gateway.stop();
});

const feedOf = feedsOn(app);

/** A run is of a minute, and looks once. */
async function watch(): Promise<void> {
  await app.invoke("watchLiveFeeds", { again: true });
  await app.deliverStreams();
}

const actionsOn = (connectionId: string): readonly string[] =>
  gateway.sent(connectionId).flatMap(({ type, data }) => (type === "activity" ? [data.action] : []));
const idsOn = (connectionId: string): readonly string[] =>
  gateway.sent(connectionId).flatMap(({ type, data }) => (type === "activity" ? [data.id] : []));

describe("a ticket", () => {
  test("is good for thirty seconds, and says where", async () => {
    const me = await app.signIn((await app.tenant()).member);
    const { status, body } = await me.request("POST", "/v1/live/tickets");
    expect(status).toBe(200);
    expect(body).toEqual({
      ticket: expect.stringMatching(/^[A-Za-z0-9_-]{100,}$/),
      url: `ws://localhost:3001?ticket=${body.ticket}`,
      expiresIn: 30,
    });
  });

  test("opens a feed also where its client writes the address in another way", async () => {
    const me = await app.signIn((await app.tenant()).member);
    const { ticket } = (await me.request("POST", "/v1/live/tickets")).body;
    expect((await openFeed(app, { ticket: `${ticket}?ticket=${ticket}` })).status).toBe(200);
  });
});

describe("a feed", () => {
  test("brings what its session does from its opening on, as the log shows it", async () => {
    const me = await app.signIn((await app.tenant()).member);
    await me.request("GET", "/v1/me");
    const feed = await feedOf(me);
    await me.request("GET", "/v1/sessions");
    await me.request("GET", "/v1/roles");
    await app.deliverStreams();
    expect(actionsOn(feed)).toEqual(["session:list", "role:list"]);
    const { items } = (await me.request("GET", "/v1/activity?action=session:list")).body;
    expect(gateway.sent(feed)[0]).toEqual({ type: "activity", data: items[0] });
  });

  test("A04 brings the tenant's with activity:list, else one's own, and never another tenant's", async () => {
    const tenant = await app.tenant();
    const [owner, member, reader] = [
      await app.signIn(tenant.owner),
      await app.signIn(tenant.member),
      await app.signIn(tenant.reader),
    ];
    const elsewhere = await app.signIn((await app.tenant()).owner);
    const feeds = await Promise.all([owner, member, reader, elsewhere].map((who) => feedOf(who)));
    await app.deliverStreams();
    const before = feeds.map((feed) => gateway.sent(feed).length);
    await owner.request("GET", "/v1/me");
    await member.request("GET", "/v1/sessions");
    await app.deliverStreams();
    expect(feeds.map((feed, place) => actionsOn(feed).slice(before[place]))).toEqual([
      ["user:read-own", "session:list"],
      ["session:list"],
      ["user:read-own", "session:list"],
      [],
    ]);
  });

  test("tells of sessions that begin and end, and closes with a word when its own does", async () => {
    const tenant = await app.tenant();
    const owner = await app.signIn(tenant.owner);
    const [all, member] = [await feedOf(owner), await app.signIn(tenant.member)];
    const own = await feedOf(member);
    await app.deliverStreams();
    await owner.request("DELETE", `/v1/sessions/${member.sessionId}`);
    await app.deliverStreams();
    const sessions = gateway.sent(all).filter(({ type }) => type === "session");
    expect(sessions.map(({ data }) => [data.id, data.status, data.endReason, data.current])).toEqual([
      [member.sessionId, "active", undefined, false],
      [member.sessionId, "ended", "revoked", false],
    ]);
    expect(gateway.sent(own).at(-1)).toMatchObject({
      type: "session",
      data: { id: member.sessionId, status: "ended", endReason: "revoked", current: true },
    });
    expect(gateway.isClosed(own)).toBe(true);
    expect(gateway.isClosed(all)).toBe(false);
  });

  test("brings alerts to those who may read them", async () => {
    const tenant = await app.tenant();
    const [owner, member] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const [all, own] = [await feedOf(owner), await feedOf(member)];
    const records = Array.from({ length: 10 }, (_, index) => ({
      id: `d-${index}`,
      time: "2026-03-02T08:00:00Z",
      actor: { type: "user", id: member.user.userId },
      action: "vm:delete",
      resource: { type: "vm", id: `vm-${index}` },
      outcome: "success",
    }));
    await owner.request("POST", "/v1/activity", { body: { records } });
    await app.deliverStreams();
    const [alert] = (await owner.request("GET", "/v1/alerts")).body.items;
    expect(gateway.sent(all).filter(({ type }) => type === "alert")).toEqual([
      { type: "alert", data: alert },
    ]);
    expect(gateway.sent(own).filter(({ type }) => type === "alert")).toEqual([]);
  });
});

describe("a feed that comes back with `since`", () => {
  test("W03 brings each record that it missed once, in the order in which they came in, and goes on", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    const first = await feedOf(me);
    await me.request("GET", "/v1/me");
    await me.request("GET", "/v1/roles");
    await app.deliverStreams();
    const since = idsOn(first)[0] ?? "";
    const missed = idsOn(first).slice(1);
    await app.invoke("liveSocket", { requestContext: { routeKey: "$disconnect", connectionId: first } });
    // A record of long ago came in meanwhile: it was missed too.
    const records = [
      {
        id: "old",
        time: "2020-01-01T00:00:00Z",
        actor: { type: "service", id: "s" },
        action: "vm:start",
        outcome: "success",
      },
    ];
    await me.request("POST", "/v1/activity", { body: { records } });
    await me.request("GET", "/v1/sessions");
    const second = await feedOf(me, { since });
    await me.request("GET", "/v1/me");
    await app.deliverStreams();
    expect(idsOn(second).slice(0, missed.length)).toEqual(missed);
    expect(actionsOn(second).slice(missed.length).toSorted()).toEqual([
      "activity:ingest",
      "session:list",
      "user:read-own",
      "vm:start",
    ]);
    expect(new Set(idsOn(second)).size).toBe(idsOn(second).length);
    expect(actionsOn(second).at(-1)).toBe("user:read-own");
  });

  test("brings of what it missed what its viewer may see", async () => {
    const tenant = await app.tenant();
    const [owner, member] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const first = await feedOf(member);
    await member.request("GET", "/v1/me");
    await app.deliverStreams();
    const since = idsOn(first)[0] ?? "";
    await owner.request("GET", "/v1/users");
    await member.request("GET", "/v1/sessions");
    const second = await feedOf(member, { since });
    await app.deliverStreams();
    expect(actionsOn(second)).toEqual(["session:list"]);
  });
});

describe("the end of a feed's session", () => {
  test("W02 by time is noticed though nobody says so, and put on record", async () => {
    const tenant = await app.tenant({ policy: { idleTimeoutSeconds: 10 } });
    const me = await app.signIn(tenant.member);
    const feed = await feedOf(me);
    await app.deliverStreams();
    app.clock.advance(10_500);
    await watch();
    expect(gateway.isClosed(feed)).toBe(false);
    app.clock.advance(600);
    await watch();
    expect(gateway.sent(feed).at(-1)).toMatchObject({ type: "session", data: { endReason: "idle_expired" } });
    expect(gateway.isClosed(feed)).toBe(true);
  });

  test("W02 by a shorter policy is noticed at once", async () => {
    const tenant = await app.tenant();
    const [owner, me] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const feed = await feedOf(me);
    await app.deliverStreams();
    app.clock.advance(120_000);
    const policy = (await owner.request("GET", "/v1/tenant/policy")).body;
    const put = await owner.request("PUT", "/v1/tenant/policy", {
      body: { ...policy, idleTimeoutSeconds: 60 },
    });
    expect(put.status).toBe(200);
    await app.deliverStreams();
    await watch();
    expect(gateway.isClosed(feed)).toBe(true);
  });

  test("W03 is not put off by watching, and a feed ends after two hours whatever its session does", async () => {
    const me = await app.signIn((await app.tenant({ policy: { idleTimeoutSeconds: 86_400 } })).member);
    const feed = await feedOf(me);
    await app.deliverStreams();
    app.clock.advance(2 * 3_600_000 - 1000);
    await watch();
    expect(gateway.isClosed(feed)).toBe(false);
    app.clock.advance(1000);
    await watch();
    expect(gateway.isClosed(feed)).toBe(true);
  });
});
