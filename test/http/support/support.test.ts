import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { feedsOn, startGateway } from "../../support/live-feeds.ts";
import { claimsOf } from "../../support/oauth-client.ts";
import { AGENTS_IP, addAgent, grant, look, setScene, terms } from "./support-client.ts";

// How a user lets a support agent look: granted by the one, or asked for by the other. Both sides see the same.

const gateway = await startGateway();
const app = await startApp({ env: { LIVE_ENDPOINT: gateway.url, LIVE_LOOKS: "1" } });
afterAll(async () => {
  await app.stop();
  gateway.stop();
});

const { tenant, platform, user, agent, agentEmail } = await setScene(app);
/** Signs both sides in anew: their tokens live five minutes, and each code is good once. */
async function meet() {
  app.clock.advance(60_000);
  return [await app.signIn(user.user), await app.signIn(agent.user, { ip: AGENTS_IP })] as const;
}

const UNKNOWN = "grt_00000000000000000000000000";

describe("a grant", () => {
  test("is the user's word to one agent, who then looks in the user's tenant, acted by themselves", async () => {
    const given = await user.request("POST", "/v1/support/grants", { body: terms(user, { agentEmail }) });
    expect(given.status).toBe(201);
    expect(given.body).toMatchObject({
      ...{ tenantId: tenant.id, userId: user.user.userId, userName: user.user.email },
      ...{ sessionId: user.sessionId, access: "view", reason: "It hangs.", expiresInSeconds: 600 },
      ...{ status: "active", origin: "user", agent: { id: agent.user.userId, name: agentEmail } },
    });
    const started = await agent.request("POST", "/v1/support/sessions", { body: { grantId: given.body.id } });
    expect(started.status).toBe(201);
    expect(claimsOf(started.body.accessToken)).toMatchObject({
      ...{ sub: user.user.userId, tid: tenant.id, sid: started.body.session.id },
      act: { sub: agent.user.userId, tid: platform.id },
    });
    expect(started.body.session).toMatchObject({
      ...{ kind: "support", userId: user.user.userId, absoluteExpiresAt: given.body.expiresAt },
      support: { grantId: given.body.id, watchedSessionId: user.sessionId, access: "view" },
    });
  });

  test("is listed for both sides, newest first, and for nobody else but who lists the tenant's sessions", async () => {
    const other = await app.signIn(tenant.member);
    const owner = await app.signIn(tenant.owner);
    const stranger = await addAgent(app, platform);
    app.clock.advance(1000);
    const first = await grant(user, { agentEmail });
    app.clock.advance(1000);
    const second = await grant(user, { agentEmail });
    for (const side of [user, agent, owner]) {
      const page = await side.request("GET", "/v1/support/grants?limit=1");
      expect(ids(page)).toEqual([second]);
      const next = encodeURIComponent(page.body.nextCursor);
      expect(ids(await side.request("GET", `/v1/support/grants?limit=1&cursor=${next}`))).toEqual([first]);
    }
    expect(ids(await other.request("GET", "/v1/support/grants"))).toEqual([]);
    expect(ids(await stranger.request("GET", "/v1/support/grants"))).toEqual([]);
  });

  test("that names no agent is for the one who comes first, also of two who come at once", async () => {
    const second = await addAgent(app, platform);
    app.clock.advance(1000);
    const id = await grant(user);
    expect(ids(await agent.request("GET", "/v1/support/grants"))).toContain(id);
    expect(ids(await second.request("GET", "/v1/support/grants"))).toContain(id);
    const answers = await Promise.all(
      [agent, second].map((one) => one.request("POST", "/v1/support/sessions", { body: { grantId: id } })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 404]);
    const loser = answers[0]?.status === 404 ? agent : second;
    expect(ids(await loser.request("GET", "/v1/support/grants"))).not.toContain(id);
    const [session] = answers.filter(({ status }) => status === 201);
    const [winner] = (await user.request("GET", "/v1/support/grants?limit=1")).body.items;
    expect(winner.agent).toEqual(session?.body.session.support.agent);
  });

  test("has one session at a time: the one before gives way, on record", async () => {
    const id = await grant(user, { agentEmail });
    const first = await look(app, agent, id);
    app.clock.advance(1000);
    const second = await look(app, agent, id);
    expect((await first.request("GET", "/v1/me")).body.reason).toBe("evicted");
    expect((await second.request("GET", "/v1/me")).status).toBe(200);
    const ends = (await app.records(tenant.id)).filter(
      ({ action, sessionId }) => action === "session:end" && sessionId === first.sessionId,
    );
    expect(ends).toMatchObject([
      { actor: { id: agent.user.userId, onBehalfOf: user.user.userId }, attributes: { reason: "evicted" } },
    ]);
  });

  test.each([
    ["an agent nobody is", { agentEmail: "nobody@example.com" }, 400],
    ["somebody who is no agent", { agentEmail: user.user.email }, 400],
    ["longer than four hours", { expiresInSeconds: 14_401 }, 400],
    ["no reason", { reason: "" }, 400],
    ["half a character as a reason", { reason: "a\ud800" }, 400],
    ["a session that nobody has", { sessionId: "ses_00000000000000000000000000" }, 404],
    ["a field that there is none of", { tenantId: tenant.id }, 400],
  ])("is not given for %s", async (_what, more, status) => {
    const answer = await user.request("POST", "/v1/support/grants", { body: terms(user, more) });
    expect(answer.status).toBe(status);
  });

  test("is sensitive: it asks for a factor, and for the role", async () => {
    const member = await app.signIn(tenant.member);
    const reader = await app.signIn(tenant.reader);
    const asked = (one: typeof user) => one.request("POST", "/v1/support/grants", { body: terms(one) });
    expect((await asked(member)).body.code).toBe("mfa.enrollment_required");
    expect((await asked(reader)).body.code).toBe("access.denied");
    const [me] = await meet();
    app.clock.advance(301_000);
    const { accessToken: token } = (
      await app.request("POST", "/v1/auth/refresh", { body: { refreshToken: me.refreshToken } })
    ).body;
    const late = await app.request("POST", "/v1/support/grants", { token, body: terms(me) });
    expect(late.body.code).toBe("auth.step_up_required");
  });
});

describe("a request", () => {
  test("comes from the agent, waits for the user, and becomes the grant", async () => {
    const [me, officer] = await meet();
    const asked = await officer.request("POST", "/v1/support/requests", {
      body: terms(me, { access: "guide" }),
    });
    expect(asked.status).toBe(201);
    expect(asked.body).toMatchObject({ status: "pending", agent: { name: agentEmail }, access: "guide" });
    const { id } = asked.body;
    expect((await officer.request("POST", "/v1/support/sessions", { body: { grantId: id } })).status).toBe(
      403,
    );
    const [seen] = (await me.request("GET", "/v1/support/requests")).body.items;
    expect(seen).toEqual(asked.body);
    const [record] = (await app.records(tenant.id)).filter(({ action }) => action === "support:request");
    expect(record).toMatchObject({
      actor: { id: agent.user.userId, name: agentEmail, onBehalfOf: me.user.userId },
      resource: { type: "support", id },
      attributes: { sessionId: me.sessionId, access: "guide", reason: "It hangs.", expiresInSeconds: 600 },
    });
    app.clock.advance(60_000);
    const approved = await me.request("POST", `/v1/support/requests/${id}/approve`);
    expect(approved.status).toBe(200);
    expect(approved.body).toMatchObject({ id, status: "active", origin: "agent" });
    // Its time begins with the answer.
    expect(Date.parse(approved.body.expiresAt)).toBe(app.clock.now() + 600_000);
    expect((await officer.request("GET", "/v1/support/requests")).body.items[0]).toMatchObject({
      id,
      status: "approved",
    });
    expect((await look(app, officer, id)).sessionId).toMatch(/^ses_/);
  });

  test("is answered once, whoever answers at the same moment", async () => {
    const [me, officer] = await meet();
    const { body } = await officer.request("POST", "/v1/support/requests", { body: terms(me) });
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => me.request("POST", `/v1/support/requests/${body.id}/approve`)),
      ...Array.from({ length: 5 }, () => me.request("POST", `/v1/support/requests/${body.id}/deny`)),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(409)]);
    const records = (await app.records(tenant.id)).filter(
      ({ action, resource, outcome }) =>
        /^support:(grant|deny)$/.test(action) && resource?.id === body.id && outcome === "success",
    );
    expect(records).toHaveLength(1);
  });

  test("that is denied, or that nobody answers within an hour, comes to nothing", async () => {
    const [me, officer] = await meet();
    const denied = await officer.request("POST", "/v1/support/requests", { body: terms(me) });
    expect((await me.request("POST", `/v1/support/requests/${denied.body.id}/deny`)).body.status).toBe(
      "denied",
    );
    app.clock.advance(1000);
    const late = await officer.request("POST", "/v1/support/requests", { body: terms(me) });
    app.clock.advance(3_540_000);
    const [again, later] = await meet();
    expect((await again.request("POST", `/v1/support/requests/${late.body.id}/approve`)).status).toBe(409);
    const listed = await again.request("GET", "/v1/support/requests?limit=2");
    expect(listed.body.items.map(({ status }: { status: string }) => status)).toEqual(["expired", "denied"]);
    for (const grantId of [denied.body.id, late.body.id]) {
      expect((await later.request("POST", "/v1/support/sessions", { body: { grantId } })).status).toBe(403);
    }
  });
});

describe("who is looked at", () => {
  test("sees it in their session, in their list and on record, and ends it for good", async () => {
    const [me, officer] = await meet();
    app.clock.advance(1000);
    const id = await grant(me, { agentEmail, access: "guide" });
    const view = await look(app, officer, id);
    expect((await me.request("GET", "/v1/sessions/current")).body.watchedBy).toEqual([
      {
        ...{ sessionId: view.sessionId, grantId: id, access: "guide" },
        agent: { id: agent.user.userId, name: agentEmail },
        ...{ since: iso(app.clock.now()), expiresAt: iso(app.clock.now() + 600_000) },
      },
    ]);
    const listed = await me.request("GET", "/v1/sessions?status=active&limit=1");
    expect(listed.body.items[0]).toMatchObject({
      id: view.sessionId,
      kind: "support",
      support: { grantId: id },
    });
    const seen = await view.request("GET", `/v1/sessions/${me.sessionId}`);
    expect(seen.status).toBe(200);
    expect(await app.records(tenant.id, seen)).toMatchObject([
      {
        ...{ action: "session:read", outcome: "success", sessionId: view.sessionId },
        actor: { type: "user", id: agent.user.userId, name: agentEmail, onBehalfOf: me.user.userId },
        resource: { type: "session", id: me.sessionId },
      },
    ]);
    // The member lists their own log: what was done in their name is part of it.
    const own = await me.request("GET", "/v1/activity?action=session:start&limit=1");
    expect(own.body.items[0]).toMatchObject({ actor: { id: agent.user.userId }, sessionId: view.sessionId });
    expect((await me.request("DELETE", `/v1/sessions/${view.sessionId}`)).status).toBe(204);
    expect((await view.request("GET", `/v1/sessions/${me.sessionId}`)).status).toBe(401);
    const retried = await officer.request("POST", "/v1/support/sessions", { body: { grantId: id } });
    expect(retried.body.code).toBe("access.denied");
    await app.deliverStreams();
    const [ended] = (await me.request("GET", "/v1/support/grants?limit=1")).body.items;
    expect(ended).toMatchObject({ id, status: "ended", endReason: "revoked" });
    expect((await me.request("GET", "/v1/sessions/current")).body).not.toHaveProperty("watchedBy");
  });

  test("ends the grant, and the session through it ends in the same instant, with one record", async () => {
    const [me, officer] = await meet();
    const id = await grant(me, { agentEmail });
    const view = await look(app, officer, id);
    app.clock.advance(1500);
    expect((await me.request("DELETE", `/v1/support/grants/${id}`)).status).toBe(204);
    const refused = await view.request("GET", `/v1/sessions/${me.sessionId}`);
    expect([refused.status, refused.body.code, refused.body.reason]).toEqual([
      401,
      "session.ended",
      "revoked",
    ]);
    expect((await me.request("DELETE", `/v1/support/grants/${id}`)).status).toBe(204);
    expect((await me.request("DELETE", `/v1/support/grants/${UNKNOWN}`)).status).toBe(404);
    await app.deliverStreams();
    const ends = (await app.records(tenant.id)).filter(
      ({ action, sessionId }) => action === "session:end" && sessionId === view.sessionId,
    );
    expect(ends).toMatchObject([
      { actor: { id: me.user.userId }, timeMs: app.clock.now(), attributes: { reason: "revoked" } },
    ]);
  });

  test("is rid of the agent also by ending all other sessions, and an agent may leave by themselves", async () => {
    const [me, officer] = await meet();
    const view = await look(app, officer, await grant(me, { agentEmail }));
    expect((await me.request("POST", "/v1/sessions/revoke", { body: { exceptCurrent: true } })).status).toBe(
      200,
    );
    expect((await view.request("GET", "/v1/me")).status).toBe(401);
    const id = await grant(me, { agentEmail });
    const next = await look(app, officer, id);
    expect((await next.request("POST", "/v1/auth/logout")).status).toBe(204);
    // Leaving is not ending: the agent comes back while the grant is good, and may give it up.
    expect((await look(app, officer, id)).sessionId).not.toBe(next.sessionId);
    expect((await officer.request("DELETE", `/v1/support/grants/${id}`)).status).toBe(204);
    const [record] = (await app.records(tenant.id)).filter(({ action }) => action === "support:end");
    expect(record).toMatchObject({ actor: { id: agent.user.userId, onBehalfOf: me.user.userId } });
    expect((await me.request("GET", "/v1/sessions/current")).body).not.toHaveProperty("watchedBy");
  });
});

describe("the live feed", () => {
  test("tells the user who asks, who looks and what is said, and the agent what happens in that session alone", async () => {
    const [me, officer] = await meet();
    const bystander = await app.signIn(tenant.member);
    const mine = await feedsOn(app)(me);
    const asked = await officer.request("POST", "/v1/support/requests", {
      body: terms(me, { access: "guide" }),
    });
    const { id } = asked.body;
    await me.request("POST", `/v1/support/requests/${id}/approve`);
    const view = await look(app, officer, id);
    app.clock.advance(1000);
    const agents = await feedsOn(app)(view, { ip: AGENTS_IP });
    await app.deliverStreams();
    const tags = { "db-password": "hunter2", team: "web" };
    const vm = { type: "vm", name: "web", spec: { vcpus: 2, memoryGiB: 4, image: "debian-13" }, tags };
    await me.request("POST", "/v1/resources", { body: vm });
    await bystander.request("GET", "/v1/sessions");
    await view.request("GET", `/v1/sessions/${me.sessionId}`);
    const said = await view.request("POST", `/v1/sessions/${me.sessionId}/guidance`, {
      body: { text: "Hello." },
    });
    app.clock.advance(1000);
    await app.deliverStreams();
    const toMe = gateway.sent(mine);
    const acted = toMe.filter(({ type }) => type === "activity").map(({ data }) => data);
    expect(acted.find(({ action }) => action === "support:request")).toMatchObject({
      ...{ actor: { name: agentEmail }, resource: { id } },
    });
    expect(acted.find(({ action }) => action === "session:read")).toMatchObject({
      actor: { name: agentEmail, onBehalfOf: me.user.userId },
    });
    expect(toMe.find(({ type }) => type === "session")?.data).toMatchObject({
      id: view.sessionId,
      kind: "support",
    });
    expect(toMe.filter(({ type }) => type === "guidance")).toEqual([{ type: "guidance", data: said.body }]);
    const toAgent = gateway.sent(agents);
    const sessions = new Set(
      toAgent.flatMap(({ type, data }) => (type === "activity" ? [data.sessionId] : [])),
    );
    expect(sessions).toEqual(new Set([me.sessionId, view.sessionId]));
    expect(toAgent.filter(({ type }) => type === "guidance")).toEqual([
      { type: "guidance", data: said.body },
    ]);
    const made = toAgent.find(({ data }) => data.action === "vm:create")?.data;
    expect(JSON.stringify(made.changes)).toContain("web");
    expect(JSON.stringify(toAgent)).not.toContain("hunter2");
    await me.request("DELETE", `/v1/support/grants/${id}`);
    await app.deliverStreams();
    expect(gateway.isClosed(agents)).toBe(true);
    expect(gateway.isClosed(mine)).toBe(false);
  });
});

describe("guidance", () => {
  test("goes both ways and stays on the session", async () => {
    const [me, officer] = await meet();
    const view = await look(app, officer, await grant(me, { agentEmail, access: "guide" }));
    const path = `/v1/sessions/${me.sessionId}/guidance`;
    const said = await view.request("POST", path, { body: { text: "Stop the machine first." } });
    expect(said.status).toBe(201);
    expect(said.body).toMatchObject({ from: { type: "agent", id: agent.user.userId, name: agentEmail } });
    app.clock.advance(1000);
    const answered = await me.request("POST", path, { body: { text: "Done.\nWhat now? \u{1f642}" } });
    expect(answered.body.from).toEqual({ type: "user", id: me.user.userId, name: me.user.email });
    for (const side of [me, view]) {
      const page = await side.request("GET", `${path}?limit=1`);
      expect(page.body.items).toEqual([said.body]);
      const next = encodeURIComponent(page.body.nextCursor);
      expect((await side.request("GET", `${path}?limit=1&cursor=${next}`)).body.items).toEqual([
        answered.body,
      ]);
    }
    // What was said is not in the log; that it was said is, under both names.
    const [record] = await app.records(tenant.id, said);
    expect(record).toMatchObject({
      ...{ action: "support:guide", attributes: { messageId: said.body.id } },
      actor: { id: agent.user.userId, onBehalfOf: me.user.userId },
    });
  });

  test("is between the user and an agent who may guide", async () => {
    const [me, officer] = await meet();
    const owner = await app.signIn(tenant.owner);
    const view = await look(app, officer, await grant(me, { agentEmail }));
    const path = `/v1/sessions/${me.sessionId}/guidance`;
    for (const one of [view, owner]) {
      expect((await one.request("POST", path, { body: { text: "Hm." } })).status).toBe(403);
      expect((await one.request("GET", path)).status).toBe(403);
    }
    expect((await me.request("POST", path, { body: { text: "" } })).status).toBe(400);
    expect((await me.request("POST", path, { body: { text: "x".repeat(4001) } })).status).toBe(400);
  });
});

function ids(answer: {
  readonly body: { readonly items: readonly { readonly id: string }[] };
}): readonly string[] {
  return answer.body.items.map(({ id }) => id);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
