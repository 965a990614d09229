import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import {
  BATCH,
  clientOf,
  HOUR,
  type Line,
  LONG_SESSIONS,
  MINUTE,
  machine,
  networkEvent,
  signIn,
  worker,
} from "./usage-client.ts";

const app = await startApp();
afterAll(() => app.stop());

const platform = await app.tenant({ id: "ten_00000000000000000000000000" });

const iso = (atMs: number) => new Date(atMs).toISOString();
const line = (key: string | null, meter: string, quantity: string, unattributed = "0.000000000"): Line => ({
  ...{ key, meter, quantity, unattributed },
  unit: { cpu: "vCPU-hour", memory: "GiB-hour", storage: "GiB-hour", network: "GiB" }[meter] ?? "",
});

describe("usage", () => {
  test("is exact as of now, of what runs and of what was sent a moment ago", async () => {
    const who = await worker(app);
    app.clock.advance(90 * MINUTE);
    await who.send([networkEvent(app, who, "1.5"), networkEvent(app, who, "0.25")]);
    app.clock.advance(1);
    // 2 vCPUs and 1 GiB for 90 minutes and 1 ms.
    expect(await who.usage()).toEqual([
      line("cpu", "cpu", "3.000000556"),
      line("memory", "memory", "1.500000278"),
      line("network", "network", "1.750000000"),
    ]);
    app.clock.advance(30 * MINUTE - 1);
    expect((await who.usage())[0]).toEqual(line("cpu", "cpu", "4.000000000"));
  });

  test("groups by session, user and resource, with what no session held beside it", async () => {
    const { owner, member } = await app.tenant({ policy: LONG_SESSIONS });
    const [boss, me] = [await signIn(app, owner), await signIn(app, member)];
    const vm = await machine(app, me);
    app.clock.advance(HOUR);
    await boss.request("POST", `/v1/resources/${vm}/attach`);
    app.clock.advance(HOUR);
    await me.request("POST", `/v1/resources/${vm}/detach`);
    app.clock.advance(HOUR);
    await boss.request("POST", `/v1/resources/${vm}/detach`);
    app.clock.advance(HOUR);
    const { usage } = clientOf(boss);
    const cpu = async (groupBy: string) =>
      (await usage(`groupBy=${groupBy}`)).filter(({ meter }) => meter === "cpu");
    // The member attached first, and held it for two hours; the owner for one; nobody for one.
    const groups = [line(me.sessionId, "cpu", "4.000000000"), line(boss.sessionId, "cpu", "2.000000000")];
    const nobody = line(null, "cpu", "0.000000000", "2.000000000");
    expect(await cpu("session")).toEqual([...groups.toSorted(byKey), nobody]);
    expect(await cpu("user")).toEqual([
      ...[line(member.userId, "cpu", "4.000000000"), line(owner.userId, "cpu", "2.000000000")].toSorted(
        byKey,
      ),
      nobody,
    ]);
    expect(await cpu("resource")).toEqual([line(vm, "cpu", "6.000000000", "2.000000000")]);
    expect(await cpu("meter")).toEqual([line("cpu", "cpu", "6.000000000", "2.000000000")]);
  });

  test("of a session that went idle ends where it logically ended, though nobody has noticed", async () => {
    const { owner, member } = await app.tenant({ policy: { ...LONG_SESSIONS, idleTimeoutSeconds: 1800 } });
    const me = await app.signIn(member);
    const vm = await machine(app, me);
    const lastSeenAtMs = app.clock.now();
    app.clock.advance(5 * HOUR);
    const lines = await clientOf(await app.signIn(owner)).usage("groupBy=resource");
    const cpu = lines.find(({ key, meter }) => key === vm && meter === "cpu");
    const hours = (ms: number) => ((2 * ms) / HOUR).toFixed(9);
    // Sightings within a minute of each other are not written again.
    expect([hours(30 * MINUTE), hours(30 * MINUTE - 300)]).toContain(cpu?.quantity);
    expect(Number(cpu?.quantity) + Number(cpu?.unattributed)).toBeCloseTo(
      (2 * (app.clock.now() - lastSeenAtMs)) / HOUR,
      6,
    );
  });

  test("U05 is in the UTC hour of the event, at its very edges, and however late it comes", async () => {
    const who = await worker(app);
    const hour = Math.ceil(app.clock.now() / HOUR) * HOUR;
    app.clock.advance(hour + HOUR - app.clock.now());
    const at = (ms: number) => ({ time: iso(hour + ms) });
    await who.send([
      networkEvent(app, who, "1", at(-1)),
      networkEvent(app, who, "2", at(0)),
      networkEvent(app, who, "4", at(HOUR - 1)),
      networkEvent(app, who, "8", at(HOUR)),
    ]);
    app.clock.advance(13 * HOUR);
    await who.usage();
    app.clock.advance(12 * HOUR);
    await who.send([networkEvent(app, who, "16", at(0))]);
    const hours = await who.usage(`groupBy=hour&from=${iso(hour - HOUR)}&to=${iso(hour + 2 * HOUR)}`);
    expect(hours.filter(({ meter }) => meter === "network")).toEqual([
      line(iso(hour - HOUR), "network", "1.000000000"),
      line(iso(hour), "network", "22.000000000"),
      line(iso(hour + HOUR), "network", "8.000000000"),
    ]);
  });

  test("is cut to the period that is asked for, which begins with the month by itself", async () => {
    const who = await worker(app);
    const startMs = Math.ceil(app.clock.now() / HOUR) * HOUR + 10 * MINUTE;
    app.clock.advance(6 * HOUR);
    const cpu = async (from: number, to: number) =>
      (await who.usage(`from=${iso(from)}&to=${iso(to)}`)).find(({ meter }) => meter === "cpu")?.quantity;
    expect(await cpu(startMs, startMs + 20 * MINUTE)).toBe("0.666666667");
    expect(await cpu(startMs, startMs + 3 * HOUR)).toBe("6.000000000");
    expect(await cpu(startMs, startMs)).toBeUndefined();
    expect(await cpu(app.clock.now() - HOUR, app.clock.now() + HOUR)).toBe("2.000000000");
  });

  test("comes in pages", async () => {
    const who = await worker(app);
    app.clock.advance(HOUR);
    await who.send([networkEvent(app, who, "1")]);
    app.clock.advance(1);
    const first = await who.me.request("GET", "/v1/usage?limit=2");
    expect(first.body.items.map(({ meter }: Line) => meter)).toEqual(["cpu", "memory"]);
    const cursor = encodeURIComponent(first.body.nextCursor);
    const second = await who.me.request("GET", `/v1/usage?limit=2&cursor=${cursor}`);
    expect(second.body).toMatchObject({ items: [{ meter: "network" }], nextCursor: null });
  });

  test.each([
    ["from=2026-02-30T00:00:00Z", "/query/from"],
    ["from=2026-03-02", "/query/from"],
    ["from=1772442000000", "/query/from"],
    ["to=2026-03-02T09:00:00", "/query/to"],
    ["to=-0001-01-01T00:00:00Z", "/query/to"],
    ["from=2026-03-02T09:00:00.001Z&to=2026-03-02T09:00:00Z", "/query/from"],
    ["from=2024-01-01T00:00:00Z", "/query/from"],
    ["groupBy=colour", "/query/groupBy"],
  ])("I10 is refused for %s", async (query, pointer) => {
    const { reader } = await app.tenant();
    const me = await app.signIn(reader);
    const answer = await me.request("GET", `/v1/usage?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: "request.invalid", errors: [{ pointer }] } });
  });
});

describe("the roll-up", () => {
  test("U04 changes nothing that is shown, though it is killed, repeated and overtaken by late events", async () => {
    const who = await worker(app);
    const hour = Math.ceil(app.clock.now() / HOUR) * HOUR;
    app.clock.advance(90 * MINUTE);
    await who.send([networkEvent(app, who, "1", { time: iso(hour) })]);
    app.clock.advance(5 * HOUR);
    const before = await who.usage(`groupBy=hour&to=${iso(hour + 5 * HOUR)}`);
    const runs = await Promise.all(Array.from({ length: 10 }, () => app.invoke("rollUpUsage", {})));
    const outcomes = runs.map((run) => (run as { outcome: string }).outcome);
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    expect(await app.invoke("rollUpUsage", {})).toMatchObject({ outcome: "finished" });
    expect(await app.invoke("rollUpUsage", { time: iso(app.clock.now()), again: true })).toMatchObject({
      outcome: "done",
    });
    expect(await who.usage(`groupBy=hour&to=${iso(hour + 5 * HOUR)}`)).toEqual(before);
    await who.send([networkEvent(app, who, "2", { time: iso(hour + 1) })]);
    const network = async () =>
      (await who.usage(`groupBy=hour&to=${iso(hour + 5 * HOUR)}`)).find(({ meter }) => meter === "network");
    expect(await network()).toEqual(line(iso(hour), "network", "3.000000000"));
    app.clock.advance(HOUR);
    await app.invoke("rollUpUsage", {});
    expect(await network()).toEqual(line(iso(hour), "network", "3.000000000"));
  });

  test("stores a day's hours in one row of its series, and lets a series go that is over", async () => {
    const { owner } = await app.tenant({ policy: LONG_SESSIONS });
    const me = await signIn(app, owner);
    const vm = await machine(app, me);
    app.clock.advance(MINUTE);
    await me.request("DELETE", `/v1/resources/${vm}`);
    await me.request("POST", "/v1/auth/logout");
    app.clock.advance(3 * HOUR);
    await app.invoke("rollUpUsage", {});
    const { openSeriesTable } = await import("../../../lib/aws/open-series-table.ts");
    const { rollUpTable } = await import("../../../lib/aws/roll-up-table.ts");
    expect(await openSeriesTable().ofTenant(owner.tenantId)).toEqual([]);
    const days = await rollUpTable().daysOfTenant(owner.tenantId, { startAtMs: 0, endAtMs: app.clock.now() });
    const holder = { sessionId: me.sessionId, userId: owner.userId, startedAtMs: expect.any(Number) };
    expect(days.find(({ meter }) => meter === "cpu")?.rows).toEqual([
      // 2 vCPUs for a minute.
      expect.objectContaining({ holder, whole: 2n * 60_000n * 10n ** 18n }),
    ]);
  });
});

describe("imported sessions", () => {
  test("are metered by what was sent for their resources, however old they are", async () => {
    const operator = await app.signIn(platform.owner);
    const { id: tenantId, owner } = await app.tenant();
    const sessions = [
      { id: "s1", userId: "u1", startedAt: "2023-07-10T11:00:00Z", endedAt: "2023-07-10T12:30:00Z" },
    ];
    const held = { resourceId: "i-1", sessionId: "s1", from: "2023-07-10T11:30:00Z", to: null };
    const bring = (attachments: object[]) =>
      operator.request("POST", "/v1/sessions/import", { body: { tenantId, sessions, attachments } });
    await bring([{ ...held, from: "2023-07-10T12:00:00Z" }]);
    const me = await app.signIn(owner);
    const event = (id: string, time: string, meter: string, data: object) => ({
      ...{ specversion: "1.0", source: "/history", type: `usage.${meter}`, subject: "i-1", id, time, data },
    });
    const { send, usage } = clientOf(me);
    const sent = await send([
      event("1", "2023-07-10T11:40:00Z", "cpu", { value: 4, sessionId: "s1" }),
      event("2", "2023-07-10T13:00:00Z", "cpu", { value: 0 }),
      event("3", "2023-07-10T11:00:00Z", "network", { value: "7", sessionId: "s1" }),
      event("4", "2023-07-10T10:59:59Z", "network", { value: "7", sessionId: "s1" }),
      event("5", "2023-07-10T12:30:00Z", "network", { value: "7", sessionId: "s1" }),
      // A level that names no session is as old as the session that its resource was first attached to.
      event("6", "2023-07-10T10:59:59Z", "cpu", { value: 1 }),
      event("7", "2023-07-10T11:00:00Z", "cpu", { value: 0 }),
    ]);
    expect(sent).toMatchObject({
      accepted: 4,
      rejected: [
        { index: 3, code: "usage.out_of_time" },
        { index: 4, code: "usage.outside_session" },
        { index: 5, code: "usage.out_of_time" },
      ],
    });
    const july = "groupBy=session&from=2023-07-01T00:00:00Z&to=2023-08-01T00:00:00Z";
    // 4 vCPUs from 11:40 to 13:00, of which the session held 12:00 to 12:30.
    const before = [
      line("s1", "cpu", "2.000000000"),
      line("s1", "network", "7.000000000"),
      line(null, "cpu", "0.000000000", "3.333333333"),
    ];
    expect(await usage(july)).toEqual(before);
    app.clock.advance(HOUR);
    await app.invoke("rollUpUsage", {});
    const later = clientOf(await app.signIn(owner));
    expect(await later.usage(july)).toEqual(before);
    // An attachment that is brought later changes what was metered, and rolled up, before.
    await operator.request("POST", "/v1/auth/logout");
    const again = await app.signIn(operator.user);
    await again.request("POST", "/v1/sessions/import", { body: { tenantId, sessions, attachments: [held] } });
    expect(await later.usage(july)).toEqual([
      line("s1", "cpu", "3.333333333"),
      line("s1", "network", "7.000000000"),
      line(null, "cpu", "0.000000000", "2.000000000"),
    ]);
  });
});

test("a meter that the rate card adds is taken, and shown in its unit", async () => {
  const operator = await app.signIn(platform.owner);
  await operator.request("PUT", "/v1/rate-card", {
    body: {
      currency: "USD",
      meters: [
        { meter: "build", unit: "build", aggregation: "count", model: "flat", unitPrice: "0.1" },
        { meter: "gpu", unit: "GPU-hour", aggregation: "gauge", model: "flat", unitPrice: "1" },
      ],
    },
  });
  const who = await worker(app);
  const sent = await who.me.request("POST", "/v1/usage", {
    headers: { "content-type": BATCH },
    body: [
      networkEvent(app, who, "3", { type: "usage.build" }),
      networkEvent(app, who, "3", { type: "usage.build" }),
      networkEvent(app, who, "1", { type: "usage.gpu", data: { value: 1 } }),
    ],
  });
  expect(sent.body).toMatchObject({ accepted: 3 });
  app.clock.advance(HOUR);
  const lines = await who.usage();
  expect(lines.filter(({ meter }) => meter === "build" || meter === "gpu")).toEqual([
    { ...line("build", "build", "2.000000000"), unit: "build" },
    { ...line("gpu", "gpu", "1.000000000"), unit: "GPU-hour" },
  ]);
});

function byKey(a: Line, b: Line): number {
  return (a.key ?? "") < (b.key ?? "") ? -1 : 1;
}
