import { afterAll, describe, expect, test } from "@jest/globals";
import { openApiDocument } from "../../../lib/http/openapi.ts";
import { findOperations } from "../../../scripts/openapi/find-operations.ts";
import { type SignedIn, startApp } from "../../support/app.ts";
import { AGENTS_IP, addAgent, grant, look, setScene, terms } from "./support-client.ts";

// A support agent sees the one session that its user has let them see, as long as they were let, without secrets, and
// changes nothing; whatever else they try is refused, and on record in the user's tenant.

const app = await startApp();
afterAll(() => app.stop());

const { dynamoClient } = await import("../../../lib/aws/dynamo-client.ts");
const scene = await setScene(app);
const { tenant, platform, agentEmail } = scene;

async function meet(more: object = {}) {
  app.clock.advance(60_000);
  const [me, officer] = [
    await app.signIn(scene.user.user),
    await app.signIn(scene.agent.user, { ip: AGENTS_IP }),
  ];
  const grantId = await grant(me, { agentEmail, ...more });
  return { me, officer, grantId, view: await look(app, officer, grantId) };
}

const VM = { type: "vm", name: "web", spec: { vcpus: 2, memoryGiB: 4, image: "debian-13" } };

describe("A11: a support session", () => {
  test("lives until the very instant that its grant ends, and not a millisecond longer", async () => {
    const { me, view, officer, grantId } = await meet({ expiresInSeconds: 90 });
    const path = `/v1/sessions/${me.sessionId}`;
    app.clock.advance(89_999);
    expect((await view.request("GET", path)).status).toBe(200);
    app.clock.advance(1);
    const late = await view.request("GET", path);
    expect([late.status, late.body.reason]).toEqual([401, "absolute_expired"]);
    const refreshed = await app.request("POST", "/v1/auth/refresh", {
      body: { refreshToken: view.refreshToken },
    });
    expect(refreshed.status).toBe(401);
    expect((await officer.request("POST", "/v1/support/sessions", { body: { grantId } })).status).toBe(403);
  });

  test("changes nothing: every operation of the document but looking is refused, and is on record", async () => {
    const { me, view } = await meet({ access: "guide" });
    const vm = await me.request("POST", "/v1/resources", { body: VM });
    const ids: Readonly<Record<string, string>> = {
      ...{ sessionId: me.sessionId, resourceId: vm.body.id, tenantId: tenant.id, userId: me.user.userId },
      ...{ name: "member", key: "cart", activityId: "act_1" },
    };
    const { paths } = openApiDocument(await findOperations(), "");
    const refused: string[] = [];
    for (const [template, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods).filter((one) => one !== "get")) {
        const name = `${method.toUpperCase()} ${template}`;
        if (OPEN.has(name) || /^POST \/(v1\/auth|oauth)/.test(name)) continue;
        const path = template.replace(/\{(\w+)\}/g, (_, parameter: string) => ids[parameter] ?? "some");
        const answer = await view.request(method.toUpperCase(), path, { body: {} });
        if (answer.status !== 403) refused.push(`${name} ${answer.status} ${answer.text}`);
      }
    }
    expect(refused).toEqual([]);
    const denied = await view.request("DELETE", `/v1/resources/${vm.body.id}`);
    expect(await app.records(tenant.id, denied)).toMatchObject([
      {
        ...{ outcome: "denied", errorCode: "access.denied", sessionId: view.sessionId },
        actor: { id: scene.agent.user.userId, onBehalfOf: me.user.userId },
      },
    ]);
    expect((await me.request("GET", `/v1/resources/${vm.body.id}`)).body.state).not.toBe("deleted");
    // Nor can it sign the user out, change their password or step up in their name.
    const { body } = await view.request("POST", "/v1/auth/step-up", { body: { code: "123456" } });
    expect(body.code).toBe("access.denied");
  });

  test("sees the session that it was let see, and no other of the user's or of the tenant's", async () => {
    const { me, view } = await meet();
    const own = await app.signIn(await tenant.addUser(["member"]));
    const other = await app.signIn(tenant.owner);
    const vm = (await me.request("POST", "/v1/resources", { body: VM })).body.id;
    const theirs = (await other.request("POST", "/v1/resources", { body: VM })).body.id;
    app.clock.advance(1000);
    const seen = [
      `/v1/sessions/${me.sessionId}`,
      "/v1/sessions/current",
      `/v1/sessions/${me.sessionId}/activity`,
      `/v1/sessions/${me.sessionId}/metrics`,
      `/v1/resources/${vm}`,
      `/v1/resources/${vm}/metrics`,
      "/v1/me",
    ];
    for (const path of seen) expect([path, (await view.request("GET", path)).status]).toEqual([path, 200]);
    for (const query of ["", `?sessionId=${me.sessionId}`]) {
      const resources = await view.request("GET", `/v1/resources${query}`);
      expect(resources.body.items.map(({ id }: { id: string }) => id)).toEqual([vm]);
      const records = (await view.request("GET", `/v1/activity${query}`)).body.items;
      expect(new Set(records.map(({ sessionId }: { sessionId: string }) => sessionId))).toEqual(
        new Set([me.sessionId]),
      );
      expect((await view.request("GET", `/v1/activity/${records[0].id}`)).status).toBe(200);
    }
    const foreignTenant = await app.tenant();
    const foreign = await app.signIn(foreignTenant.owner);
    const [record] = (await other.request("GET", `/v1/activity?sessionId=${other.sessionId}`)).body.items;
    const hidden = (sessionId: string, resourceId: string, activityId: string) =>
      [
        [`/v1/sessions/${sessionId}`, 404],
        [`/v1/sessions/${sessionId}/activity`, 404],
        [`/v1/sessions/${sessionId}/metrics`, 404],
        [`/v1/sessions/${sessionId}/guidance`, 404],
        [`/v1/resources/${resourceId}`, 404],
        [`/v1/resources/${resourceId}/metrics`, 404],
        [`/v1/resources/${resourceId}/scaling`, 404],
        [`/v1/activity/${activityId}`, 404],
        [`/v1/resources?sessionId=${sessionId}`, 403],
        [`/v1/activity?sessionId=${sessionId}`, 403],
        [`/v1/sessions/${sessionId}/state`, 403],
      ] as const;
    const nobodys = hidden("ses_00000000000000000000000000", "res_00000000000000000000000000", "act_1");
    for (const [index, [path, status]] of hidden(other.sessionId, theirs, record.id).entries()) {
      const answer = await view.request("GET", path);
      expect([path, answer.status]).toEqual([path, status]);
      // What is there is answered like what is not.
      const [missing] = nobodys[index] ?? [""];
      expect(saying(answer)).toEqual(saying(await view.request("GET", missing)));
    }
    for (const one of [own, foreign]) {
      expect((await view.request("GET", `/v1/sessions/${one.sessionId}`)).status).toBe(404);
    }
    const tenantWide = [
      "sessions",
      "users",
      "roles",
      "metrics",
      "alerts",
      "invoices",
      "usage",
      "tenant/policy",
    ];
    for (const noun of [...tenantWide, "me/factors", "support/grants", "activity/export", "activity/seals"]) {
      expect([noun, (await view.request("GET", `/v1/${noun}`)).status]).toEqual([noun, 403]);
    }
    expect((await view.request("GET", "/v1/me")).body).toMatchObject({ permissions: [], resumable: [] });
  });

  test("gets no more than its user has, and none of their secrets", async () => {
    const owner = await app.signIn(tenant.owner);
    await owner.request("POST", "/v1/roles", {
      body: {
        name: "no-support-on-vms",
        statements: [
          { effect: "deny", actions: ["vm:*"], resources: ["*"], condition: { sessionKinds: ["support"] } },
        ],
      },
    });
    const closed = await app.signIn(await tenant.addUser(["member", "no-support-on-vms"], { totp: true }));
    const officer = await app.signIn(scene.agent.user, { ip: AGENTS_IP });
    const vm = (await closed.request("POST", "/v1/resources", { body: VM })).body.id;
    const barred = await look(app, officer, await grant(closed, { agentEmail }));
    expect((await barred.request("GET", `/v1/resources/${vm}`)).status).toBe(404);
    expect((await barred.request("GET", "/v1/resources")).body.items).toEqual([]);

    const { me, view } = await meet();
    const tags = { "db-password": "hunter2", note: "Authorization: Bearer abcdefghijklmnop", team: "web" };
    const made = await me.request("POST", "/v1/resources", { body: { ...VM, tags } });
    expect((await me.request("GET", `/v1/resources/${made.body.id}`)).body.tags).toEqual(tags);
    const looks = [
      await view.request("GET", `/v1/resources/${made.body.id}`),
      await view.request("GET", "/v1/resources"),
      await view.request("GET", `/v1/sessions/${me.sessionId}/activity`),
      await view.request("GET", "/v1/activity"),
    ];
    expect(looks[0]?.body.tags).toEqual({
      "db-password": "[removed]",
      note: "Authorization: [removed]",
      team: "web",
    });
    for (const { text, status } of looks) {
      expect([status, /hunter2|abcdefghijklmnop/.test(text)]).toEqual([200, false]);
    }
  });

  test("ends with the user's session, with its reason and at its instant, and so does what was not yet begun", async () => {
    const { me, view, officer } = await meet();
    const unused = await grant(me, { agentEmail });
    app.clock.advance(2000);
    const endedAtMs = app.clock.now();
    await me.request("POST", "/v1/auth/logout");
    const dead = await view.request("GET", `/v1/sessions/${me.sessionId}`);
    expect([dead.status, dead.body.reason]).toEqual([401, "logged_out"]);
    const late = await officer.request("POST", "/v1/support/sessions", { body: { grantId: unused } });
    expect(late.status).toBe(403);
    app.clock.advance(1000);
    await app.deliverStreams();
    const ends = (await app.records(tenant.id)).filter(
      ({ action, sessionId }) => action === "session:end" && sessionId === view.sessionId,
    );
    expect(ends).toMatchObject([{ timeMs: endedAtMs, attributes: { reason: "logged_out" } }]);
    const page = await officer.request("GET", "/v1/support/grants?limit=2");
    expect(page.body.items.map(({ endReason }: { endReason: string }) => endReason)).toEqual([
      "session_ended",
      "session_ended",
    ]);
  });

  test("ends, on record, when nobody calls any more after the user's session", async () => {
    const { me, view } = await meet();
    app.clock.advance(2000);
    const endedAtMs = app.clock.now();
    await me.request("POST", "/v1/auth/logout");
    await app.deliverStreams();
    const ends = (await app.records(tenant.id)).filter(
      ({ action, sessionId }) => action === "session:end" && sessionId === view.sessionId,
    );
    expect(ends).toMatchObject([{ timeMs: endedAtMs, attributes: { reason: "logged_out" } }]);
  });

  test.each([
    ["disabled", { disabled: true }],
    ["no agent any more", { roles: ["member"] }],
  ])("ends with its agent being %s", async (_what, change) => {
    const { me } = await meet();
    const fired = await addAgent(app, platform);
    const view = await look(app, fired, await grant(me, { agentEmail: fired.user.email }));
    expect((await view.request("GET", "/v1/me")).status).toBe(200);
    const operator = await app.signIn(platform.owner);
    const changed = await operator.request("PATCH", `/v1/users/${fired.user.userId}`, { body: change });
    expect(changed.status).toBe(200);
    const dead = await view.request("GET", "/v1/me");
    expect([dead.status, dead.body.reason]).toEqual([401, "user_disabled"]);
  });

  test("takes none of its user's places", async () => {
    const small = await app.tenant({ policy: { maxConcurrentSessions: 2, onSessionLimit: "deny" } });
    const person = await small.addUser(["member"], { totp: true });
    const me = await app.signIn(person);
    const officer = await app.signIn(scene.agent.user, { ip: AGENTS_IP });
    const view = await look(app, officer, await grant(me, { agentEmail }));
    app.clock.advance(60_000);
    expect((await app.signIn(person)).sessionId).not.toBe(me.sessionId);
    for (const one of [me, view]) expect((await one.request("GET", "/v1/me")).status).toBe(200);
  });

  test("is asked about by no service: its permission is its user's look, not their hand", async () => {
    const { view } = await meet();
    const owner = await app.signIn(tenant.owner);
    const asked = await owner.request("POST", "/access/v1/evaluation", {
      body: {
        subject: { type: "session", id: view.sessionId },
        ...{ action: { name: "vm:start" }, resource: { type: "vm", id: "res_1" } },
      },
    });
    expect(asked.body).toMatchObject({ decision: false, context: { reason: "subject_not_found" } });
  });

  test("ends with all its user's sessions, which end together in one write all the same", async () => {
    const { me, view } = await meet();
    const other = await app.signIn(scene.user.user);
    const writes: string[] = [];
    dynamoClient().middlewareStack.add(
      (send) => async (args) => {
        const taken = await send(args);
        writes.push(JSON.stringify(args.input));
        return taken;
      },
      { step: "initialize", name: "noting" },
    );
    const answer = await me.request("POST", "/v1/sessions/revoke");
    dynamoClient().middlewareStack.remove("noting");
    expect(answer.status).toBe(200);
    const ofBoth = writes.filter(
      (write) =>
        write.includes("TransactItems") && [me, other].every(({ sessionId }) => write.includes(sessionId)),
    );
    expect(ofBoth.map((write) => write.includes(answer.headers["x-request-id"] ?? "none"))).toEqual([true]);
    for (const ended of [me, other, view]) expect((await ended.request("GET", "/v1/me")).status).toBe(401);
  });

  test("asks about no token, and is itself not active from the instant that its grant is gone", async () => {
    const { me, view, grantId } = await meet();
    const owner = await app.signIn(tenant.owner);
    const introspect = async (by: SignedIn, token: string) =>
      await by.request("POST", "/oauth/introspect", {
        body: `token=${token}`,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
    const refused = await introspect(view, me.accessToken);
    expect([refused.status, refused.body.error]).toEqual([400, "unauthorized_client"]);
    expect((await introspect(owner, view.accessToken)).body).toMatchObject({ active: true });
    expect((await me.request("DELETE", `/v1/support/grants/${grantId}`)).status).toBe(204);
    expect((await introspect(owner, view.accessToken)).body).toEqual({ active: false });
  });
});

describe("a grant", () => {
  test("is out of reach of another agent, of the user's colleagues and of other tenants, as if it were not there", async () => {
    const { me, grantId } = await meet();
    const stranger = await addAgent(app, platform);
    const colleague = await app.signIn(tenant.member);
    const foreigner = await app.signIn((await app.tenant()).owner);
    const owner = await app.signIn(tenant.owner);
    const missing = "grt_00000000000000000000000000";
    const asked = (id: string) =>
      [
        [stranger, "POST", "/v1/support/sessions", { grantId: id }],
        [stranger, "DELETE", `/v1/support/grants/${id}`, undefined],
        [colleague, "DELETE", `/v1/support/grants/${id}`, undefined],
        [foreigner, "DELETE", `/v1/support/grants/${id}`, undefined],
      ] as const;
    for (const [index, [one, method, path, body]] of asked(grantId).entries()) {
      const answer = await one.request(method, path, body === undefined ? {} : { body });
      const [, , noPath = "", noBody] = asked(missing)[index] ?? [];
      expect(answer.status).toBe(404);
      expect(saying(answer)).toEqual(
        saying(await one.request(method, noPath, noBody === undefined ? {} : { body: noBody })),
      );
    }
    // Only who is an agent looks, whatever they hold elsewhere.
    for (const one of [me, owner, foreigner]) {
      const refused = await one.request("POST", "/v1/support/sessions", { body: { grantId } });
      expect(refused.body.code).toBe("access.denied");
      expect((await one.request("POST", "/v1/support/requests", { body: terms(me) })).status).toBe(403);
    }
    // Nobody lets an agent look at a colleague, however much they may do.
    const body = terms(me, { agentEmail });
    expect((await owner.request("POST", "/v1/support/grants", { body })).status).toBe(403);
    expect((await colleague.request("POST", "/v1/support/grants", { body })).status).toBe(404);
    expect((await foreigner.request("POST", "/v1/support/grants", { body })).status).toBe(404);
    // Who may end the session ends the look at it.
    expect((await owner.request("DELETE", `/v1/support/grants/${grantId}`)).status).toBe(204);
  });

  test("that is a colleague's request is not answered by anybody else", async () => {
    const { me, officer } = await meet();
    const owner = await app.signIn(tenant.owner);
    const { body } = await officer.request("POST", "/v1/support/requests", { body: terms(me) });
    for (const answer of ["approve", "deny"]) {
      expect((await owner.request("POST", `/v1/support/requests/${body.id}/${answer}`)).status).toBe(404);
    }
    expect((await owner.request("GET", "/v1/support/requests")).body.items).toEqual([]);
  });

  test("cannot be asked for of what is over, or is itself a look", async () => {
    const { me, officer, view } = await meet();
    const gone = await app.signIn(tenant.member);
    await gone.request("POST", "/v1/auth/logout");
    for (const sessionId of [gone.sessionId, view.sessionId, "ses_00000000000000000000000000"]) {
      const body = { ...terms(me), sessionId };
      expect((await officer.request("POST", "/v1/support/requests", { body })).status).toBe(404);
    }
    const ofView = { ...terms(me), sessionId: view.sessionId };
    expect((await me.request("POST", "/v1/support/grants", { body: ofView })).status).toBe(403);
  });

  test("that ends while its session starts leaves nobody looking, and each end one record: 12 rounds", async () => {
    const { me, officer, view } = await meet();
    for (let round = 0; round < 12; round++) {
      const id = await grant(me, { agentEmail });
      const [started, ended] = await Promise.all([
        officer.request("POST", "/v1/support/sessions", { body: { grantId: id } }),
        me.request("DELETE", `/v1/support/grants/${id}`),
      ]);
      expect(ended.status).toBe(204);
      expect([201, 403]).toContain(started.status);
      if (started.status !== 201) continue;
      const { accessToken: token, session } = started.body;
      expect((await app.request("GET", "/v1/me", { token })).status).toBe(401);
      const ends = (await app.records(tenant.id)).filter(
        ({ action, sessionId }) => action === "session:end" && sessionId === session.id,
      );
      expect(ends).toHaveLength(1);
    }
    const { watchedBy } = (await me.request("GET", "/v1/sessions/current")).body;
    expect(watchedBy).toMatchObject([{ sessionId: view.sessionId }]);
  });
});

/** What a support session may call beside looking: saying something, following what happens, leaving. */
const OPEN: ReadonlySet<string> = new Set([
  "POST /v1/sessions/{sessionId}/guidance",
  "POST /v1/live/tickets",
]);

/** What a refusal says, with the ids in it left aside. */
function saying({ body }: { readonly body: Readonly<Record<string, unknown>> }) {
  return { ...body, requestId: "" };
}
