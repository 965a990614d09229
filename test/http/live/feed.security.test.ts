import { type SignedIn, startApp } from "../../support/app.ts";
import { feedsOn, openFeed, startGateway, tellSocket } from "../../support/live-feeds.ts";

// Nobody looks on who may not, or not any more, and no client holds up the others.
const gateway = await startGateway();
const app = await startApp({ env: { LIVE_ENDPOINT: gateway.url, LIVE_LOOKS: "1" } });
afterAll(() => {
  app.stop();
  gateway.stop();
});

const ticketOf = async (who: SignedIn): Promise<string> =>
  (await who.request("POST", "/v1/live/tickets")).body.ticket;

const feedOf = feedsOn(app);

async function member(): Promise<SignedIn> {
  return await app.signIn((await app.tenant()).member);
}

describe("W01 no feed is opened", () => {
  test("without a ticket, with one that is none, or with an access token in its place", async () => {
    const me = await member();
    expect((await openFeed(app, {})).status).toBe(401);
    expect((await openFeed(app, { ticket: "x".repeat(200) })).status).toBe(401);
    expect((await openFeed(app, { ticket: me.accessToken })).status).toBe(401);
  });

  test("with a ticket that was used, also of two at once", async () => {
    const ticket = await ticketOf(await member());
    const both = await Promise.all([openFeed(app, { ticket }), openFeed(app, { ticket })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect((await openFeed(app, { ticket })).status).toBe(401);
  });

  test("with a ticket of thirty seconds ago", async () => {
    const ticket = await ticketOf(await member());
    app.clock.advance(30_000);
    expect((await openFeed(app, { ticket })).status).toBe(401);
  });

  test("by a page of another site, which is on record", async () => {
    const me = await member();
    const refused = await openFeed(app, { ticket: await ticketOf(me), origin: "https://evil.example" });
    expect(refused.status).toBe(403);
    const own = await openFeed(app, { ticket: await ticketOf(me), origin: "http://localhost:3000" });
    expect(own.status).toBe(200);
  });

  test("for a session that has ended since its ticket", async () => {
    const me = await member();
    const ticket = await ticketOf(me);
    await me.request("POST", "/v1/auth/logout");
    expect((await openFeed(app, { ticket })).status).toBe(401);
  });

  test("beyond ten of a session", async () => {
    const me = await member();
    for (let feed = 0; feed < 10; feed++) await feedOf(me);
    expect((await openFeed(app, { ticket: await ticketOf(me) })).status).toBe(429);
  });

  test("since a record of another tenant, or one that is none", async () => {
    const me = await member();
    const theirs = await member();
    await theirs.request("GET", "/v1/me");
    const [record] = (await theirs.request("GET", "/v1/activity")).body.items;
    expect((await openFeed(app, { ticket: await ticketOf(me), since: record.id })).status).toBe(400);
    expect((await openFeed(app, { ticket: await ticketOf(me), since: "act_0' OR 1" })).status).toBe(400);
  });
});

describe("a feed brings nothing", () => {
  test("W02 of what comes after the end of its session", async () => {
    const tenant = await app.tenant();
    const [owner, other] = [await app.signIn(tenant.owner), await app.signIn(tenant.owner)];
    const feed = await feedOf(owner);
    await app.deliverStreams();
    await other.request("DELETE", `/v1/sessions/${owner.sessionId}`);
    await other.request("GET", "/v1/me");
    await app.deliverStreams();
    expect(gateway.sent(feed).at(-1)).toMatchObject({ type: "session", data: { status: "ended" } });
    expect(gateway.isClosed(feed)).toBe(true);
  });

  test("of the tenant once its viewer may not see the tenant any more", async () => {
    const tenant = await app.tenant();
    const owner = await app.signIn(tenant.owner);
    const auditor = await app.signIn(await tenant.addUser(["auditor"]));
    const feed = await feedOf(auditor);
    await app.deliverStreams();
    const { userId } = auditor.user;
    const change = await owner.request("PATCH", `/v1/users/${userId}`, { body: { roles: ["member"] } });
    expect(change.status).toBe(200);
    await app.deliverStreams();
    const before = gateway.sent(feed).length;
    app.clock.advance(1000);
    await owner.request("GET", "/v1/me");
    await app.deliverStreams();
    expect(gateway.sent(feed).slice(before)).toEqual([]);
  });
});

describe("a client that", () => {
  test.each([
    ["is gone", 410],
    ["is too slow for the gateway", 429],
    ["does not take a message in time", 0],
  ])("%s is dropped, and the others go on", async (_what, status) => {
    const me = await member();
    const [bad, good] = [await feedOf(me), await feedOf(me)];
    await app.deliverStreams();
    const before = gateway.sent(bad).length;
    gateway.answerWith(bad, status);
    await me.request("GET", "/v1/me");
    await app.deliverStreams();
    await me.request("GET", "/v1/sessions");
    await app.deliverStreams();
    gateway.answerWith(bad, 200);
    await me.request("GET", "/v1/roles");
    await app.deliverStreams();
    expect(gateway.sent(bad)).toHaveLength(before);
    expect(gateway.sent(good)).toHaveLength(3);
  });

  test.each([
    ["sends bytes", { body: "AAEC", isBase64Encoded: true }],
    ["sends what is no JSON", { body: "{" }],
    ["subscribes to what it may not", { body: '{"type":"subscribe","tenantId":"ten_1"}' }],
    [
      "sends more than a message can be",
      { body: JSON.stringify({ type: "ping", data: "x".repeat(129_000) }) },
    ],
    ["sends more than a frame", { body: JSON.stringify({ type: "ping", data: "x".repeat(33_000) }) }],
  ])("W03 %s is closed", async (_what, message) => {
    const feed = await feedOf(await member());
    await tellSocket(app, feed, { routeKey: "$default", ...message });
    expect(gateway.isClosed(feed)).toBe(true);
  });

  test("W03 pings stays, and one that does nothing else is closed", async () => {
    const feed = await feedOf(await member());
    const ping = { routeKey: "$default", body: '{"type":"ping"}' } as const;
    await tellSocket(app, feed, ping);
    expect(gateway.isClosed(feed)).toBe(false);
    for (let batch = 0; batch < 15; batch++) {
      await Promise.all(Array.from({ length: 50 }, () => tellSocket(app, feed, ping)));
    }
    expect(gateway.isClosed(feed)).toBe(true);
  });
});
