import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

interface Shown {
  readonly id: string;
  readonly action: string;
}

const shown = (body: { readonly items: readonly Shown[] }) => body.items;
const actions = (body: { readonly items: readonly Shown[] }) => shown(body).map(({ action }) => action);
const at = (ms: number) => encodeURIComponent(new Date(ms).toISOString());

describe("the log", () => {
  test("shows each action with who, what, how and from where, newest first", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member, { ip: "203.0.113.9" });
    app.clock.advance(1000);
    const read = await me.request("GET", "/v1/me", { headers: { "x-task-id": "deploy-7" } });
    const list = await me.request("GET", "/v1/activity");
    expect(actions(list.body)[0]).toBe("user:read-own");
    expect(actions(list.body).slice(1).sort()).toEqual(["auth:login", "session:start"]);
    expect(list.body.items[0]).toEqual({
      id: expect.stringMatching(/^act_[0-9a-z]{26}$/),
      tenantId: member.tenantId,
      time: "2026-03-02T09:00:01.000Z",
      receivedAt: "2026-03-02T09:00:01.000Z",
      sessionId: me.sessionId,
      actor: { type: "user", id: member.userId, name: member.email },
      action: "user:read-own",
      outcome: "success",
      durationMs: expect.any(Number),
      ip: "203.0.113.9",
      userAgent: expect.stringContaining("Firefox/140.0"),
      requestId: read.headers["x-request-id"],
      taskId: "deploy-7",
      source: "api",
    });
  });

  test("is one's own without the permission, and the tenant's with it", async () => {
    const { owner, member, reader } = await app.tenant();
    const me = await app.signIn(member);
    const viewer = await app.signIn(reader);
    await app.signIn(owner);
    const people = async (who: typeof me) => {
      const { body } = await who.request("GET", "/v1/activity?limit=200");
      return new Set(body.items.map(({ actor }: { actor: { id: string } }) => actor.id));
    };
    expect(await people(me)).toEqual(new Set([member.userId]));
    expect(await people(viewer)).toEqual(new Set([member.userId, reader.userId, owner.userId]));
  });

  test("of another user is refused to who may not list it, and of oneself it is not", async () => {
    const { owner, member } = await app.tenant();
    const me = await app.signIn(member);
    const refused = await me.request("GET", `/v1/activity?userId=${owner.userId}`);
    expect([refused.status, refused.body.code]).toEqual([403, "access.denied"]);
    expect((await me.request("GET", `/v1/activity?userId=${member.userId}`)).status).toBe(200);
    const denied = await me.request("GET", "/v1/activity?outcome=denied");
    expect(denied.body.items).toMatchObject([{ action: "activity:list", errorCode: "access.denied" }]);
  });

  test("shows all that happened in one's own session, and of another's only what one did there", async () => {
    const { owner, member } = await app.tenant();
    const admin = await app.signIn(owner);
    const me = await app.signIn(member);
    await admin.request("DELETE", `/v1/sessions/${me.sessionId}`);
    const again = await app.signIn(member);
    const own = await again.request("GET", `/v1/activity?sessionId=${me.sessionId}&action=session:end`);
    expect(own.body.items).toMatchObject([
      { actor: { id: owner.userId }, attributes: { reason: "revoked" } },
    ]);
    const foreign = await again.request("GET", `/v1/activity?sessionId=${admin.sessionId}`);
    expect(foreign.body.items).toEqual([]);
  });

  test("is narrowed by every filter, alone and together", async () => {
    const { owner, member } = await app.tenant();
    const me = await app.signIn(member);
    app.clock.advance(60_000);
    const from = at(app.clock.now());
    const admin = await app.signIn(owner);
    const task = { headers: { "x-task-id": "t-1" } };
    await me.request("GET", "/v1/me", task);
    app.clock.advance(1);
    await me.request("GET", "/v1/sessions", task);
    app.clock.advance(1);
    await admin.request("GET", `/v1/sessions/${me.sessionId}`, task);
    const found = async (query: string) =>
      actions((await admin.request("GET", `/v1/activity?${query}`)).body);
    expect(await found("taskId=t-1")).toEqual(["session:read", "session:list", "user:read-own"]);
    expect(await found(`taskId=t-1&userId=${member.userId}&outcome=success`)).toEqual([
      "session:list",
      "user:read-own",
    ]);
    expect(await found(`userId=${member.userId}&action=user:read-own`)).toEqual(["user:read-own"]);
    expect(await found(`sessionId=${me.sessionId}&action=auth:login`)).toEqual(["auth:login"]);
    expect(await found(`resource=session/${me.sessionId}&action=session:read`)).toEqual(["session:read"]);
    expect(await found("action=auth:mfa&outcome=success")).toEqual(["auth:mfa"]);
    expect(await found("source=ingest")).toEqual([]);
    expect(await found("source=api&outcome=success&action=user:read-own")).toEqual(["user:read-own"]);
    expect(await found("workflowRunId=run-1")).toEqual([]);
    expect(await found(`from=${from}&action=auth:login`)).toEqual(["auth:login"]);
    expect(await found(`to=${from}&action=auth:login`)).toEqual(["auth:login"]);
    expect(await found(`from=${from}&to=${from}`)).toEqual([]);
  });

  test("leaves the filter on its page: cursors lead through all of it once, whatever is recorded meanwhile", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const wanted: string[] = [];
    for (let count = 0; count < 7; count++) {
      app.clock.advance(1000);
      wanted.unshift((await me.request("GET", "/v1/me")).headers["x-request-id"] ?? "");
    }
    const found: string[] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null && pages < 10; pages++) {
      const next: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await me.request(
        "GET",
        `/v1/activity?action=user:read-own&outcome=success&limit=2${next}`,
      );
      found.push(...body.items.map(({ requestId }: { requestId: string }) => requestId));
      cursor = body.nextCursor;
    }
    expect(found).toEqual(wanted);
  });

  test.each([
    ["from", "2026-02-30T00:00:00Z"],
    ["from", "2026-01-01T00:00:60Z"],
    ["from", "1772442000000"],
    ["from", "1772442000"],
    ["to", "-0001-01-01T00:00:00Z"],
    ["to", "2026-01-01T00:00:00"],
    ["to", "2026-01-01"],
    ["outcome", "failed"],
    ["source", "stream"],
    ["resource", "vm"],
    ["limit", "0"],
    ["limit", "201"],
  ])("I10 refuses %s=%s and says where", async (name, value) => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const answer = await me.request("GET", `/v1/activity?${name}=${encodeURIComponent(value)}`);
    expect([answer.status, answer.body.code]).toEqual([400, "request.invalid"]);
    expect(answer.body.errors).toMatchObject([{ pointer: `/query/${name}` }]);
  });

  test("refuses a range that ends before it begins", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const range = "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z";
    const answer = await me.request("GET", `/v1/activity?${range}`);
    expect(answer.body.errors).toMatchObject([{ pointer: "/query/to" }]);
  });
});

describe("one record", () => {
  test("is read by who did it, by whose session it was in, and by who may list the log", async () => {
    const { owner, member, reader } = await app.tenant();
    const me = await app.signIn(member);
    const viewer = await app.signIn(reader);
    const admin = await app.signIn(owner);
    const mine = (await me.request("GET", "/v1/activity?action=auth:login")).body.items[0];
    expect((await me.request("GET", `/v1/activity/${mine.id}`)).body).toEqual(mine);
    expect((await viewer.request("GET", `/v1/activity/${mine.id}`)).body).toEqual(mine);
    const theirs = (await admin.request("GET", `/v1/activity?userId=${owner.userId}`)).body.items[0];
    const missing = await me.request("GET", "/v1/activity/act_01j9zzzzzzzzzzzzzzzzzzzzzz");
    const hidden = await me.request("GET", `/v1/activity/${theirs.id}`);
    expect(hidden.status).toBe(404);
    expect({ ...hidden.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
  });
});

describe("the log of a session", () => {
  test("tells its story, oldest first, to its user and to who may list the log", async () => {
    const { owner, member } = await app.tenant();
    const me = await app.signIn(member);
    app.clock.advance(1000);
    await me.request("GET", "/v1/me");
    app.clock.advance(1000);
    const own = await me.request("GET", "/v1/sessions/current/activity");
    expect(actions(own.body).sort()).toEqual(["auth:login", "session:start", "user:read-own"]);
    expect(own.body.items.at(-1).action).toBe("user:read-own");
    const admin = await app.signIn(owner);
    const theirs = await admin.request("GET", `/v1/sessions/${me.sessionId}/activity?limit=3`);
    expect(theirs.body.items).toEqual(own.body.items);
  });

  test("comes to an end although reading it is on record, even record by record", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    app.clock.advance(1000);
    const path = "/v1/sessions/current/activity?limit=1";
    const found: string[] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null && pages < 10; pages++) {
      const next: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await me.request("GET", path + next);
      found.push(...actions(body));
      cursor = body.nextCursor;
      app.clock.advance(1000);
    }
    expect(cursor).toBeNull();
    expect(found.sort()).toEqual(["auth:login", "session:start"]);
  });

  test("is hidden where the session is, and refused to who may see the session but not the log", async () => {
    const { member, addUser } = await app.tenant();
    const other = await app.tenant();
    const me = await app.signIn(member);
    const stranger = await app.signIn(other.owner);
    const colleague = await app.signIn(await addUser(["member"]));
    const auditor = await app.signIn(await addUser(["auditor"]));
    const path = `/v1/sessions/${me.sessionId}/activity`;
    const missing = await stranger.request("GET", "/v1/sessions/ses_01j9zzzzzzzzzzzzzzzzzzzzzz/activity");
    const foreign = await stranger.request("GET", path);
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
    expect((await colleague.request("GET", path)).status).toBe(404);
    expect((await auditor.request("GET", path)).status).toBe(200);
  });
});
