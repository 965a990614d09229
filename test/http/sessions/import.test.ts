import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const PLATFORM = "ten_00000000000000000000000000";
let operator: SignedIn;
beforeAll(async () => {
  const platform = await app.tenant({ id: PLATFORM });
  operator = await app.signIn(platform.owner);
});

const session = (id: string, changes: object = {}) => ({
  id,
  userId: "arn:aws:iam::123837392027:user/benjamin",
  userName: "benjamin",
  startedAt: "2023-07-10T11:42:18Z",
  endedAt: "2023-07-10T12:14:55Z",
  ...changes,
});
const attachment = (sessionId: string, changes: object = {}) => ({
  resourceId: "i-0f63d8e0cd7a7ac6b",
  sessionId,
  from: "2023-07-10T11:50:00Z",
  to: null,
  ...changes,
});
const bring = (body: object) => operator.request("POST", "/v1/sessions/import", { body });

describe("an imported history", () => {
  test("is listed among the tenant's sessions by when it began, and read by its own ids", async () => {
    const { id: tenantId, owner } = await app.tenant();
    const answer = await bring({
      tenantId,
      sessions: [
        session("s-2", { startedAt: "2023-07-10T11:50:00Z" }),
        session("benjamin:2023-07-10.1"),
        session("s-3", { startedAt: "2023-07-10T11:51:00Z", userId: "u3", userName: undefined }),
      ],
      attachments: [attachment("s-2"), attachment("s-3", { to: "2023-07-10T12:00:00Z" })],
    });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        imported: 3,
        duplicates: 0,
        rejected: [],
        attachments: { imported: 2, duplicates: 0, rejected: [] },
      },
    ]);
    const me = await app.signIn(owner);
    const ids = async (query: string) => {
      const { body } = await me.request("GET", `/v1/sessions?${query}`);
      return { ids: body.items.map(({ id }: { id: string }) => id), cursor: body.nextCursor };
    };
    expect((await ids("")).ids).toEqual([me.sessionId, "s-3", "s-2", "benjamin:2023-07-10.1"]);
    const first = await ids("limit=2");
    expect(first.ids).toEqual([me.sessionId, "s-3"]);
    const second = await ids(`limit=2&cursor=${encodeURIComponent(first.cursor)}`);
    expect(second).toEqual({ ids: ["s-2", "benjamin:2023-07-10.1"], cursor: null });
    expect((await ids("userId=u3")).ids).toEqual(["s-3"]);
    expect((await me.request("GET", "/v1/sessions/benjamin:2023-07-10.1")).body).toEqual({
      id: "benjamin:2023-07-10.1",
      tenantId,
      userId: "arn:aws:iam::123837392027:user/benjamin",
      userName: "benjamin",
      kind: "interactive",
      status: "ended",
      source: "import",
      device: { browser: "", os: "", type: "unknown" },
      ip: "",
      createdAt: "2023-07-10T11:42:18.000Z",
      lastSeenAt: "2023-07-10T12:14:55.000Z",
      idleExpiresAt: "2023-07-10T12:14:55.000Z",
      absoluteExpiresAt: "2023-07-10T12:14:55.000Z",
      endedAt: "2023-07-10T12:14:55.000Z",
      amr: [],
      roles: [],
      current: false,
    });
  });

  test("counts once however often it comes, and what contradicts it is rejected by its place", async () => {
    const { id: tenantId, owner } = await app.tenant();
    const native = (await app.signIn(owner)).sessionId;
    const history = {
      tenantId,
      sessions: [session("s-1"), session("s-2")],
      attachments: [attachment("s-1"), attachment("s-2")],
    };
    const both = await Promise.all([bring(history), bring(history)]);
    expect(both.reduce((sum, { body }) => sum + body.imported, 0)).toBe(2);
    expect(both.reduce((sum, { body }) => sum + body.duplicates, 0)).toBe(2);
    const more = await bring({
      tenantId,
      sessions: [
        session("s-1"),
        session("s-2", { userId: "somebody else" }),
        session(native),
        session("s-3"),
        session("s-3"),
        session("s-3", { endedAt: "2023-07-10T12:00:00Z" }),
      ],
      attachments: [
        attachment("s-1"),
        attachment("s-1", { to: "2023-07-10T12:00:00Z" }),
        attachment("s-9"),
        attachment(native),
        attachment("s-3"),
      ],
    });
    expect(more.body).toMatchObject({
      imported: 1,
      duplicates: 2,
      rejected: [
        { index: 1, code: "import.conflict" },
        { index: 2, code: "import.conflict" },
        { index: 5, code: "import.conflict" },
      ],
      attachments: {
        imported: 1,
        duplicates: 1,
        rejected: [
          { index: 1, code: "import.conflict" },
          { index: 2, code: "import.session_unknown" },
          { index: 3, code: "import.session_unknown" },
        ],
      },
    });
  });

  test("can be named by activity that is brought later, and tells it", async () => {
    const { id: tenantId, owner } = await app.tenant();
    await bring({ tenantId, sessions: [session("s-1")] });
    const me = await app.signIn(owner);
    const record = {
      id: "r-1",
      time: "2023-07-10T11:45:00Z",
      actor: { type: "user", id: "arn:aws:iam::123837392027:user/benjamin", name: "benjamin" },
      action: "ec2:RunInstances",
      outcome: "success",
      sessionId: "s-1",
    };
    const sent = await me.request("POST", "/v1/activity", { body: { records: [record] } });
    expect(sent.body).toMatchObject({ accepted: 1 });
    const told = await me.request("GET", "/v1/sessions/s-1/activity");
    expect(told.body.items).toMatchObject([{ action: "ec2:RunInstances", sessionId: "s-1" }]);
  });

  test("is on record with the operator and in the tenant's own log", async () => {
    const { id: tenantId, owner } = await app.tenant();
    const answer = await bring({ tenantId, sessions: [session("s-1")] });
    const me = await app.signIn(owner);
    const { items } = (await me.request("GET", "/v1/activity?action=session:import")).body;
    expect(items).toMatchObject([
      {
        tenantId,
        sessionId: null,
        actor: { id: operator.user.userId },
        resource: { type: "tenant", id: tenantId },
        requestId: answer.headers["x-request-id"],
        attributes: { sessions: { imported: 1, duplicates: 0, rejected: 0 } },
      },
    ]);
    const theirs = await operator.request("GET", "/v1/activity?action=session:import&limit=1");
    expect(theirs.body.items).toMatchObject([{ tenantId: PLATFORM, sessionId: operator.sessionId }]);
  });

  test("stays when it is asked to end, being over", async () => {
    const { id: tenantId, owner } = await app.tenant();
    await bring({ tenantId, sessions: [session("s-1")] });
    const me = await app.signIn(owner);
    expect((await me.request("DELETE", "/v1/sessions/s-1")).status).toBe(204);
    const read = await me.request("GET", "/v1/sessions/s-1");
    expect([read.body.endedAt, read.body.endReason]).toEqual(["2023-07-10T12:14:55.000Z", undefined]);
  });

  test("is the operator's to bring, into a tenant that there is", async () => {
    const { id: tenantId, owner } = await app.tenant();
    const me = await app.signIn(owner);
    const body = { tenantId, sessions: [session("s-1")] };
    expect((await me.request("POST", "/v1/sessions/import", { body })).status).toBe(403);
    expect((await bring({ tenantId: "ten_01j9zzzzzzzzzzzzzzzzzzzzzz" })).status).toBe(404);
  });

  test.each([
    ["/sessions/0/id", { id: "a#session" }],
    ["/sessions/0/id", { id: "a/b" }],
    ["/sessions/0/id", { id: "current" }],
    ["/sessions/0/userId", { userId: "usr#idempotency" }],
    ["/sessions/0/endedAt", { endedAt: "2023-07-10T11:42:17Z" }],
    ["/sessions/0/endedAt", { endedAt: "2026-03-02T09:05:01Z" }],
    ["/sessions/0/endedAt", { endedAt: null }],
    ["/sessions/0/startedAt", { startedAt: "2016-03-02T09:00:00Z" }],
    ["/sessions/0/startedAt", { startedAt: "2023-02-30T00:00:00Z" }],
    ["/sessions/0/status", { status: "active" }],
  ])("with a mistake at %s is refused whole", async (pointer, changes) => {
    const { id: tenantId } = await app.tenant();
    const answer = await bring({ tenantId, sessions: [session("s-1", changes)] });
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
    const resource = await bring({ tenantId, attachments: [attachment("s-1", { resourceId: "vm#1" })] });
    expect(resource.body.errors).toMatchObject([{ pointer: "/attachments/0/resourceId" }]);
  });

  test("has five hundred sessions at most", async () => {
    const { id: tenantId } = await app.tenant();
    const sessions = Array.from({ length: 501 }, (_, index) => session(`s-${index}`));
    expect((await bring({ tenantId, sessions })).body.errors).toMatchObject([{ pointer: "/sessions" }]);
  });
});
