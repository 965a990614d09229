import { DeleteItemCommand, type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";
import { localClient } from "../../support/dynamodb-local.ts";

// However many paths lead to the end of a session at once, it ends once: one reason, one instant, one record.
const app = await startApp();
const database: DynamoDBClient = localClient();
afterAll(() => {
  database.destroy();
  app.stop();
});

const SESSIONS_TABLE = process.env["SESSIONS_TABLE"] ?? "";
const IDLE_S = 120;

/** Does what the table's expiry does, and answers with the record of the stream that tells of it. */
async function removeByExpiry({ user, sessionId }: SignedIn): Promise<object> {
  const Key = { pk: { S: `${user.tenantId}#${sessionId}` }, sk: { S: "session" } };
  const { Attributes } = await database.send(
    new DeleteItemCommand({ TableName: SESSIONS_TABLE, Key, ReturnValues: "ALL_OLD" }),
  );
  return {
    eventID: sessionId,
    eventName: "REMOVE",
    userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
    dynamodb: { SequenceNumber: "1", Keys: Key, OldImage: Attributes },
  };
}

const deliver = (...records: object[]) => app.invoke("endExpiredSessions", { Records: records });
const sweep = () => app.invoke("sweepExpiredSessions", { again: true });

async function endOf(admin: SignedIn, { sessionId }: SignedIn) {
  const { body: session } = await admin.request("GET", `/v1/sessions/${sessionId}`);
  const { body: log } = await admin.request("GET", `/v1/activity?sessionId=${sessionId}&action=session:end`);
  return { session, records: log.items };
}

async function signedInTwice(policy: object = {}) {
  const tenant = await app.tenant({ policy: { idleTimeoutSeconds: IDLE_S, ...policy } });
  const session = await app.signIn(tenant.member);
  return { ...tenant, session };
}

describe("a session that is alive", () => {
  test("ends once when it is logged out, revoked, evicted and its token reused at the same time", async () => {
    const { owner, member, session } = await signedInTwice({ maxConcurrentSessions: 1 });
    const refresh = (refreshToken: string) =>
      app.request("POST", "/v1/auth/refresh", { body: { refreshToken } });
    await refresh(session.refreshToken);
    app.clock.advance(11_000);
    const admin = await app.signIn(owner);
    await Promise.all([
      session.request("POST", "/v1/auth/logout"),
      admin.request("DELETE", `/v1/sessions/${session.sessionId}`),
      admin.request("POST", "/v1/sessions/revoke", { body: { userId: member.userId } }),
      app.signIn(member).catch(() => undefined),
      refresh(session.refreshToken),
      refresh(session.refreshToken),
    ]);
    const end = await endOf(admin, session);
    expect(end.records).toHaveLength(1);
    expect(end.records[0].attributes.reason).toBe(end.session.endReason);
    expect(["logged_out", "revoked", "evicted", "refresh_reused"]).toContain(end.session.endReason);
    const after = await session.request("GET", "/v1/me");
    expect([after.status, after.body.reason]).toEqual([401, end.session.endReason]);
  });
});

describe("a session whose time is over", () => {
  test("ended by time, once and at its instant, whoever comes upon it at the same time", async () => {
    const { owner, member, session } = await signedInTwice({ maxConcurrentSessions: 1 });
    const lastSeenMs = app.clock.now();
    app.clock.advance((IDLE_S + 60) * 1000);
    const admin = await app.signIn(owner);
    const removed = await removeByExpiry(session);
    await Promise.all([
      deliver(removed),
      session.request("GET", "/v1/me"),
      session.request("POST", "/v1/auth/logout"),
      app.request("POST", "/v1/auth/refresh", { body: { refreshToken: session.refreshToken } }),
      admin.request("DELETE", `/v1/sessions/${session.sessionId}`),
      app.signIn(member),
      sweep(),
      deliver(removed, removed),
    ]);
    const end = await endOf(admin, session);
    const endedAt = new Date(lastSeenMs + IDLE_S * 1000).toISOString();
    expect(end.session).toMatchObject({ status: "ended", endReason: "idle_expired", endedAt });
    expect(end.records).toMatchObject([
      {
        time: endedAt,
        actor: { id: "active-session" },
        attributes: { reason: "idle_expired" },
        source: "system",
      },
    ]);
  });

  test.each([
    ["a request of its own", (session: SignedIn) => session.request("GET", "/v1/me")],
    ["the sweep", () => sweep()],
    ["the table's expiry", async (session: SignedIn) => await deliver(await removeByExpiry(session))],
  ])("is told the same by %s, and for as long as the tenant keeps its log", async (_path, find) => {
    const { owner, session } = await signedInTwice({ activityRetentionDays: 30 });
    const lastSeenMs = app.clock.now();
    app.clock.advance((IDLE_S + 13) * 1000);
    await find(session);
    const admin = await app.signIn(owner);
    const { records } = await endOf(admin, session);
    expect(records).toHaveLength(1);
    const { id, time, durationMs, requestId, attributes, actor, ip, source } = records[0];
    expect({ time, durationMs, requestId, attributes, actor, ip, source }).toEqual({
      time: new Date(lastSeenMs + IDLE_S * 1000).toISOString(),
      durationMs: 0,
      requestId: `end-${session.sessionId}`,
      attributes: { reason: "idle_expired", userId: session.user.userId },
      actor: { type: "service", id: "active-session", name: "Active Session" },
      ip: "203.0.113.7",
      source: "system",
    });
    const row = await database.send(
      new GetItemCommand({
        TableName: process.env["ACTIVITY_TABLE"],
        Key: { pk: { S: `${session.user.tenantId}#0` }, sk: { S: id } },
      }),
    );
    expect(Number(row.Item?.["ttl"]?.N)).toBe(app.clock.now() / 1000 + 30 * 86_400);
  });

  test("ends once beside all the others of its user, and leaves its place free", async () => {
    const { owner, member, session } = await signedInTwice({
      maxConcurrentSessions: 6,
      onSessionLimit: "deny",
    });
    const sessions = [session];
    for (let count = 0; count < 5; count++) sessions.push(await app.signIn(member));
    app.clock.advance((IDLE_S + 13) * 1000);
    await Promise.all([sweep(), sweep()]);
    await sweep();
    const admin = await app.signIn(owner);
    for (const one of sessions) {
      const end = await endOf(admin, one);
      expect(end.session.endReason).toBe("idle_expired");
      expect(end.records).toHaveLength(1);
    }
    for (let count = 0; count < 6; count++) await app.signIn(member);
    await expect(app.signIn(member)).rejects.toThrow("session.limit_reached");
  });

  test("ended at its absolute time where that came first", async () => {
    const { owner, session } = await signedInTwice({ absoluteTimeoutSeconds: 60 });
    const createdMs = app.clock.now();
    app.clock.advance(61_000);
    await deliver(await removeByExpiry(session));
    const { session: shown } = await endOf(await app.signIn(owner), session);
    const endedAt = new Date(createdMs + 60_000).toISOString();
    expect(shown).toMatchObject({ endReason: "absolute_expired", endedAt });
  });

  test("makes room for the next one when the table's expiry removed it", async () => {
    const { member, session } = await signedInTwice({ maxConcurrentSessions: 1, onSessionLimit: "deny" });
    app.clock.advance((IDLE_S + 13) * 1000);
    await deliver(await removeByExpiry(session));
    const guard = await database.send(
      new GetItemCommand({
        TableName: SESSIONS_TABLE,
        Key: { pk: { S: `${member.tenantId}#${member.userId}` }, sk: { S: "active" } },
        ConsistentRead: true,
      }),
    );
    expect(guard.Item?.["n"]?.N).toBe("0");
    await expect(app.signIn(member)).resolves.toMatchObject({ user: member });
  });

  test("counts for nothing although its row is still in the table", async () => {
    const { owner, member, session } = await signedInTwice({
      maxConcurrentSessions: 1,
      onSessionLimit: "deny",
    });
    app.clock.advance((IDLE_S + 13) * 1000);
    const refused = await session.request("GET", "/v1/me");
    expect([refused.status, refused.body.code, refused.body.reason]).toEqual([
      401,
      "session.ended",
      "idle_expired",
    ]);
    const admin = await app.signIn(owner);
    const active = await admin.request("GET", `/v1/sessions?status=active&userId=${member.userId}`);
    expect(active.body.items).toEqual([]);
    await expect(app.signIn(member)).resolves.toMatchObject({ user: member });
  });

  test("is left alone by the sweep until then", async () => {
    const { owner, session } = await signedInTwice();
    app.clock.advance((IDLE_S + 11) * 1000);
    await sweep();
    const { records } = await endOf(await app.signIn(owner), session);
    expect(records).toEqual([]);
  });
});

describe("what leaves the table by its expiry", () => {
  test("says nothing when it had ended before, was no session, or was deleted by somebody", async () => {
    const { owner, session } = await signedInTwice();
    await session.request("POST", "/v1/auth/logout");
    const admin = await app.signIn(owner);
    const ended = await removeByExpiry(session);
    const other = await app.signIn(session.user);
    const deleted = { ...(await removeByExpiry(other)), userIdentity: undefined };
    const challenge = {
      eventName: "REMOVE",
      userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" },
      dynamodb: { SequenceNumber: "2", OldImage: { pk: { S: "a" }, sk: { S: "challenge#1" } } },
    };
    expect(await deliver(ended, deleted, challenge)).toEqual({ batchItemFailures: [] });
    expect((await admin.request("GET", `/v1/sessions/${session.sessionId}`)).status).toBe(404);
    expect((await admin.request("GET", `/v1/sessions/${other.sessionId}`)).status).toBe(404);
    expect((await endOf(admin, session)).records).toHaveLength(1);
  });
});
