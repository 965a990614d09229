import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const CLOUDTRAIL = { "content-type": "application/vnd.amazon.cloudtrail+json" };

const record = (id: string, changes: object = {}) => ({
  id,
  time: "2026-03-02T08:30:00.000Z",
  actor: { type: "service", id: "scheduler", name: "Scheduler" },
  action: "vm:start",
  resource: { type: "vm", id: "vm-1" },
  outcome: "success",
  ip: "10.0.0.7",
  userAgent: "scheduler/1.0",
  attributes: { zone: "a" },
  ...changes,
});

async function sender(): Promise<SignedIn> {
  const { owner } = await app.tenant();
  return await app.signIn(owner);
}

const send = (who: SignedIn, records: readonly unknown[], changes: object = {}) =>
  who.request("POST", "/v1/activity", { body: { records, ...changes } });

const ingested = async (who: SignedIn, query = "") =>
  (await who.request("GET", `/v1/activity?source=ingest&limit=200${query}`)).body.items;

describe("the records of other services", () => {
  test("are in the log at the time that they bring, under the sender's own names", async () => {
    const me = await sender();
    const answer = await send(me, [
      record("r-1", { time: "2026-03-02T08:30:00+01:00", taskId: "t-1", durationMs: 12, errorCode: "E1" }),
      record("r-2", { source: "scheduler", sessionId: me.sessionId }),
    ]);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ accepted: 2, duplicates: 0, rejected: [] });
    expect(await ingested(me)).toEqual([
      {
        ...record("", { id: expect.stringMatching(/^act_[0-9a-z]{26}$/) }),
        tenantId: me.user.tenantId,
        receivedAt: "2026-03-02T09:00:00.000Z",
        sessionId: me.sessionId,
        durationMs: 0,
        requestId: answer.headers["x-request-id"],
        source: "ingest",
        origin: { source: "scheduler", id: "r-2" },
      },
      expect.objectContaining({
        time: "2026-03-02T07:30:00.000Z",
        sessionId: null,
        taskId: "t-1",
        durationMs: 12,
        errorCode: "E1",
        origin: { source: `user:${me.user.userId}`, id: "r-1" },
      }),
    ]);
    expect((await me.request("GET", "/v1/activity?resource=vm/vm-1")).body.items).toHaveLength(2);
    expect((await me.request("GET", "/v1/activity?userId=scheduler")).body.items).toHaveLength(2);
  });

  test("count once for their source and id, in one batch, in the next and with another time", async () => {
    const me = await sender();
    const first = await send(me, [record("r-1"), record("r-1"), record("r-1", { source: "other" })]);
    expect(first.body).toMatchObject({ accepted: 2, duplicates: 1 });
    const second = await send(me, [record("r-1", { time: "2026-03-01T00:00:00Z" }), record("r-2")]);
    expect(second.body).toMatchObject({ accepted: 1, duplicates: 1 });
    expect(await ingested(me)).toHaveLength(3);
    const elsewhere = await sender();
    expect((await send(elsewhere, [record("r-1", { source: "other" })])).body).toMatchObject({ accepted: 1 });
  });

  test("count once when the same batch is sent from five sides at once", async () => {
    const me = await sender();
    const batch = Array.from({ length: 120 }, (_, index) => record(`r-${index}`));
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(me, batch)));
    const sum = (of: "accepted" | "duplicates") => answers.reduce((all, { body }) => all + body[of], 0);
    expect([sum("accepted"), sum("duplicates")]).toEqual([120, 480]);
    expect(await ingested(me)).toHaveLength(120);
  });

  test("I10 are taken where others of the batch cannot be, which are named by their place", async () => {
    const me = await sender();
    const { body } = await send(me, [
      record("good"),
      record("", {}),
      record("no-zone", { time: "2026-03-02T08:30:00" }),
      record("leap", { time: "2026-02-30T00:00:00Z" }),
      record("seconds", { time: 1_772_442_000 }),
      record("ahead", { time: "2026-03-02T09:05:00.001Z" }),
      record("just ahead", { time: "2026-03-02T09:05:00Z" }),
      record("a year ahead", { time: "2027-03-02T09:00:00Z" }),
      record("ten years back", { time: "2016-03-02T09:00:00Z" }),
      record("2023", { time: "2023-07-10T11:42:18Z" }),
      record("outcome", { outcome: "failed" }),
      record("tenant", { tenantId: "ten_00000000000000000000000000" }),
      record("session", { sessionId: "ses_01j9zzzzzzzzzzzzzzzzzzzzzz" }),
      "no record",
      null,
    ]);
    expect(body).toMatchObject({ accepted: 3, duplicates: 0 });
    expect(body.rejected.map(({ index, code }: { index: number; code: string }) => [index, code])).toEqual([
      [1, "activity.invalid"],
      [2, "activity.invalid"],
      [3, "activity.invalid"],
      [4, "activity.invalid"],
      [5, "activity.time_out_of_range"],
      [7, "activity.time_out_of_range"],
      [8, "activity.time_out_of_range"],
      [10, "activity.invalid"],
      [11, "activity.invalid"],
      [12, "activity.session_unknown"],
      [13, "activity.invalid"],
      [14, "activity.invalid"],
    ]);
    expect(body.rejected[1].message).toContain("/time must be an RFC 3339 time");
    expect(body.rejected[8].message).toBe("/tenantId is not a known field");
  });

  test("are five hundred at most, and as many are taken at once", async () => {
    const me = await sender();
    const batch = Array.from({ length: 501 }, (_, index) => record(`r-${index}`));
    const tooMany = await send(me, batch);
    expect([tooMany.status, tooMany.body.errors[0].pointer]).toEqual([400, "/records"]);
    expect((await send(me, batch.slice(1))).body).toMatchObject({ accepted: 500, duplicates: 0 });
    expect((await send(me, batch.slice(0, 500))).body).toMatchObject({ accepted: 1, duplicates: 499 });
  });

  test("need `activity:ingest`", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    expect((await send(me, [record("r-1")])).status).toBe(403);
  });

  test.each([
    ["no records", "{}", 400],
    ["an unknown field", '{"records":[],"tenantId":"ten_1"}', 400],
    ["what is no array", '{"records":{}}', 400],
    ["a field given twice", '{"records":[],"records":[]}', 400],
    ["what is not JSON", "{", 400],
    [
      "more than 1 MiB",
      JSON.stringify({ records: [record("r-1", { attributes: { a: "x".repeat(1_048_576) } })] }),
      413,
    ],
  ])("a batch with %s is refused whole", async (_what, body, status) => {
    const me = await sender();
    expect((await me.request("POST", "/v1/activity", { body })).status).toBe(status);
  });

  test("of another content type are refused", async () => {
    const me = await sender();
    const answer = await me.request("POST", "/v1/activity", {
      body: "id,time\n",
      headers: { "content-type": "text/csv" },
    });
    expect([answer.status, answer.body.code]).toEqual([415, "request.media_type"]);
  });

  test("leave a record of having been sent", async () => {
    const me = await sender();
    const answer = await send(me, [record("r-1"), record("r-1"), {}]);
    const own = await me.request("GET", "/v1/activity?action=activity:ingest");
    expect(own.body.items).toMatchObject([
      {
        requestId: answer.headers["x-request-id"],
        attributes: { accepted: 1, duplicates: 1, rejected: 1 },
      },
    ]);
  });
});

describe("a CloudTrail file", () => {
  const event = (eventID: string, changes: object = {}) => ({
    eventVersion: "1.08",
    eventID,
    eventTime: "2023-07-10T11:42:18Z",
    eventSource: "ec2.amazonaws.com",
    eventName: "RunInstances",
    awsRegion: "us-east-1",
    sourceIPAddress: "10.248.16.43",
    userAgent: "Boto3/1.26",
    userIdentity: {
      type: "IAMUser",
      arn: "arn:aws:iam::123837392027:user/benjamin",
      accountId: "123837392027",
      accessKeyId: "AKIATFQR7NSCUXC3DDDP",
      userName: "benjamin",
    },
    requestParameters: { instanceType: "t3.micro", hash: 0 },
    requestID: "699479d4",
    ...changes,
  });
  const file = (who: SignedIn, events: readonly unknown[]) =>
    who.request("POST", "/v1/activity", {
      // A number that JavaScript cannot hold is no reason to refuse what another service wrote.
      body: JSON.stringify({ Records: events }).replaceAll('"hash":0', '"hash":9007199254740993'),
      headers: CLOUDTRAIL,
    });

  test("is taken as it is, each event once, whoever sends it", async () => {
    const { owner, addUser } = await app.tenant();
    const me = await app.signIn(owner);
    const colleague = await app.signIn(await addUser(["owner"]));
    const denied = event("e-2", { errorCode: "Client.UnauthorizedOperation", eventName: "StopInstances" });
    expect((await file(me, [event("e-1"), denied, { eventID: "e-3" }])).body).toMatchObject({
      accepted: 2,
      duplicates: 0,
      rejected: [{ index: 2, code: "activity.invalid" }],
    });
    expect((await file(colleague, [event("e-1")])).body).toMatchObject({ accepted: 0, duplicates: 1 });
    const found = await ingested(me, "&action=ec2:StopInstances&outcome=denied");
    expect(found).toMatchObject([
      {
        time: "2023-07-10T11:42:18.000Z",
        action: "ec2:StopInstances",
        actor: { type: "user", id: "arn:aws:iam::123837392027:user/benjamin", name: "benjamin" },
        errorCode: "Client.UnauthorizedOperation",
        requestId: "699479d4",
        origin: { source: "cloudtrail", id: "e-2" },
        attributes: { accessKeyId: "AKIATFQR7NSCUXC3DDDP" },
      },
    ]);
  });

  test("has five hundred records at most, and is refused where it has none", async () => {
    const me = await sender();
    const events = Array.from({ length: 501 }, (_, index) => event(`e-${index}`));
    expect((await file(me, events)).body.errors).toMatchObject([{ pointer: "/Records" }]);
    const none = await me.request("POST", "/v1/activity", { body: "{}", headers: CLOUDTRAIL });
    expect(none.body.errors).toMatchObject([{ pointer: "/Records" }]);
  });
});
