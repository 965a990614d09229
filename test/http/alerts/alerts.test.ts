import { readFileSync } from "node:fs";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const CLOUDTRAIL = { "content-type": "application/vnd.amazon.cloudtrail+json" };
const { Records: trail } = JSON.parse(readFileSync("test/data/cloudtrail-2023-07-10.json", "utf8"));

async function owner(): Promise<SignedIn> {
  const tenant = await app.tenant();
  return await app.signIn(tenant.owner);
}

async function bringIn(who: SignedIn, records: readonly unknown[]): Promise<void> {
  for (let from = 0; from < records.length; from += 400) {
    const body = { Records: records.slice(from, from + 400) };
    const answer = await who.request("POST", "/v1/activity", { headers: CLOUDTRAIL, body });
    expect(answer.status).toBe(202);
  }
}

const record = (id: string, changes: object = {}) => ({
  id,
  time: "2026-03-02T08:30:00.000Z",
  actor: { type: "user", id: "ann", name: "Ann" },
  action: "vm:delete",
  resource: { type: "vm", id },
  outcome: "success",
  ip: "198.51.100.7",
  userAgent: "curl/8.0",
  ...changes,
});

const deletions = (from: number, count: number, changes: object = {}) =>
  Array.from({ length: count }, (_, index) =>
    record(`vm-${from + index}`, { time: new Date(Date.UTC(2026, 2, 2, 8, 0, from + index)), ...changes }),
  );

const send = (who: SignedIn, records: readonly unknown[]) =>
  who.request("POST", "/v1/activity", { body: { records } });

const alertsOf = async (who: SignedIn, query = "") =>
  (await who.request("GET", `/v1/alerts?limit=200${query}`)).body.items;

describe("an ingested history", () => {
  test("raises the nine alerts of the attack in it, and none of the ordinary work of the same half hour", async () => {
    const me = await owner();
    await bringIn(me, trail);
    await app.deliverStreams();
    const alerts = await alertsOf(me);
    expect(
      alerts
        .map((alert: { rule: string; severity: string; evidence: readonly string[] }) =>
          [alert.rule, alert.severity, alert.evidence.length].join(" "),
        )
        .sort(),
    ).toEqual([
      "access.denied_burst medium 15",
      "access.denied_burst medium 29",
      "access.denied_burst medium 8",
      "audit.tampering high 7",
      "audit.tampering medium 1",
      "credentials.exfiltrated high 2",
      "privilege.escalation medium 23",
      "resource.public_exposure high 2",
      "secrets.mass_read high 25",
    ]);
  });
});

describe("records that say where they are", () => {
  test("raise login.impossible_travel, in whatever order they come in", async () => {
    const me = await owner();
    const login = (id: string, time: string, latitude: number, longitude: number) =>
      record(id, { time, action: "auth:login", attributes: { latitude, longitude } });
    await send(me, [login("there", "2026-03-02T08:40:00Z", 35.7, 139.7)]);
    await send(me, [login("here", "2026-03-02T08:00:00Z", 52.5, 13.4)]);
    await app.deliverStreams();
    const alerts = await alertsOf(me);
    expect(alerts).toEqual([
      expect.objectContaining({
        rule: "login.impossible_travel",
        summary: "Two sign-ins 8917 km and 40 minutes apart.",
      }),
    ]);
  });
});

describe("an alert", () => {
  test("is added to within an hour, and opened anew at another time", async () => {
    const me = await owner();
    await send(me, deletions(0, 10));
    await app.deliverStreams();
    const [first, ...others] = await alertsOf(me);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      id: expect.stringMatching(/^alr_[0-9a-z]{26}$/),
      rule: "action.destructive_burst",
      severity: "high",
      status: "open",
      userId: "ann",
      ip: "198.51.100.7",
      time: "2026-03-02T08:00:09.000Z",
      mitre: ["T1485"],
    });
    await send(me, deletions(10, 1));
    await app.deliverStreams();
    const [more] = await alertsOf(me);
    expect(more).toMatchObject({ id: first.id, time: first.time, lastTime: "2026-03-02T08:00:10.000Z" });
    expect(more.evidence).toHaveLength(11);
    await send(
      me,
      deletions(20, 10).map((each, index) => ({ ...each, time: `2026-03-02T04:00:0${index}Z` })),
    );
    await app.deliverStreams();
    expect(await alertsOf(me)).toHaveLength(2);
  });

  test("has its opening on record, by the platform itself", async () => {
    const me = await owner();
    await send(me, deletions(0, 10));
    await app.deliverStreams();
    const [alert] = await alertsOf(me);
    const { items } = (await me.request("GET", "/v1/activity?action=alert:open")).body;
    expect(items).toEqual([
      expect.objectContaining({
        resource: { type: "alert", id: alert.id },
        source: "system",
        actor: { type: "service", id: "active-session", name: "Active Session" },
      }),
    ]);
  });

  test("is acknowledged, then closed with a note, and then opened anew by what is seen", async () => {
    const me = await owner();
    await send(me, deletions(0, 10));
    await app.deliverStreams();
    const [{ id }] = await alertsOf(me, "&status=open");
    const acknowledged = await me.request("POST", `/v1/alerts/${id}/acknowledge`);
    expect(acknowledged).toMatchObject({ status: 200, body: { id, status: "acknowledged" } });
    expect((await me.request("POST", `/v1/alerts/${id}/acknowledge`)).status).toBe(200);
    expect(await alertsOf(me, "&status=open")).toEqual([]);
    const etag = acknowledged.headers["etag"] ?? "";
    const stale = await me.request("POST", `/v1/alerts/${id}/close`, {
      body: { note: "A drill." },
      headers: { "if-match": '"1"' },
    });
    expect(stale).toMatchObject({ status: 412, body: { code: "precondition.failed" } });
    const closed = await me.request("POST", `/v1/alerts/${id}/close`, {
      body: { note: "A drill." },
      headers: { "if-match": etag },
    });
    expect(closed).toMatchObject({ status: 200, body: { status: "closed", note: "A drill." } });
    expect((await me.request("POST", `/v1/alerts/${id}/close`, { body: { note: "Again." } })).status).toBe(
      409,
    );
    expect((await me.request("GET", `/v1/alerts/${id}`)).body).toEqual(closed.body);
    expect(await alertsOf(me, "&status=closed")).toHaveLength(1);
    await send(me, deletions(10, 1));
    await app.deliverStreams();
    expect(await alertsOf(me, "&status=open")).toHaveLength(1);
  });
});

describe("a delivery that comes again", () => {
  test("adds nothing, also when it comes five times at once", async () => {
    const me = await owner();
    await send(me, deletions(0, 25));
    const records = await app.records(me.user.tenantId);
    const batch = {
      Records: records.toReversed().map((each, index) => ({
        eventID: `${index}`,
        eventName: "INSERT",
        dynamodb: { SequenceNumber: `${index}`, NewImage: { record: { S: JSON.stringify(each) } } },
      })),
    };
    await Promise.all(Array.from({ length: 5 }, () => app.invoke("detectUnusual", batch)));
    const once = await alertsOf(me);
    expect(once).toHaveLength(1);
    expect(once[0].evidence).toHaveLength(25);
    expect(await app.invoke("detectUnusual", batch)).toEqual({ batchItemFailures: [] });
    expect(await alertsOf(me)).toEqual(once);
  });
});

describe("the rules", () => {
  test("are shown as they can be sent, and hold for what comes in from then on", async () => {
    const me = await owner();
    const shown = await me.request("GET", "/v1/alert-rules");
    expect(shown.body.rules).toHaveLength(17);
    expect(shown.body.rules[0]).toEqual({
      rule: "password.spray",
      enabled: true,
      thresholds: { users: 5, windowSeconds: 600 },
      response: "alert",
    });
    const same = await me.request("PUT", "/v1/alert-rules", { body: shown.body });
    expect(same).toMatchObject({ status: 200, body: shown.body });
    const stricter = { rules: [{ rule: "action.destructive_burst", thresholds: { deletions: 3 } }] };
    const put = await me.request("PUT", "/v1/alert-rules", {
      body: stricter,
      headers: { "if-match": same.headers["etag"] ?? "" },
    });
    expect(put.status).toBe(200);
    await send(me, deletions(0, 3));
    await app.deliverStreams();
    expect(await alertsOf(me)).toHaveLength(1);
    const off = { rules: [{ rule: "action.destructive_burst", enabled: false }] };
    await me.request("PUT", "/v1/alert-rules", { body: off });
    const [{ id }] = await alertsOf(me);
    await me.request("POST", `/v1/alerts/${id}/close`, { body: { note: "Off." } });
    await send(me, deletions(10, 20));
    await app.deliverStreams();
    const open = await alertsOf(me, "&status=open");
    expect(open.map(({ rule, summary }: { rule: string; summary: string }) => `${rule}: ${summary}`)).toEqual(
      ["audit.tampering: alert:update of /action.destructive_burst/enabled."],
    );
  });

  test.each([
    [{ rule: "no.such_rule" }, "/rules/0/rule"],
    [{ rule: "mfa.fatigue", thresholds: { failures: 1 } }, "/rules/0/thresholds/failures"],
    [{ rule: "mfa.fatigue", thresholds: { attempts: 0 } }, "/rules/0/thresholds/attempts"],
    [{ rule: "mfa.fatigue", thresholds: { attempts: 151 } }, "/rules/0/thresholds/attempts"],
    [{ rule: "mfa.fatigue", response: "delete_user" }, "/rules/0/response"],
    [{ rule: "mfa.fatigue", webhook: "http://example.com/hook" }, "/rules/0/webhook"],
    [{ rule: "mfa.fatigue", severity: "low" }, "/rules/0/severity"],
  ])("refuse %j at %s", async (rule, pointer) => {
    const me = await owner();
    const answer = await me.request("PUT", "/v1/alert-rules", { body: { rules: [rule] } });
    expect(answer).toMatchObject({ status: 400, body: { code: "request.invalid", errors: [{ pointer }] } });
  });
});
