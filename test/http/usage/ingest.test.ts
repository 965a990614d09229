import { afterAll, describe, expect, test } from "@jest/globals";
import { CloudEvent, HTTP } from "cloudevents";
import { startApp } from "../../support/app.ts";
import {
  BATCH,
  clientOf,
  DAY,
  HOUR,
  LONG_SESSIONS,
  MINUTE,
  machine,
  networkEvent,
  ONE,
  signIn,
  type Worker,
  worker,
} from "./usage-client.ts";

const app = await startApp();
afterAll(() => app.stop());

/** For what leaves no usage behind. */
const who = await worker(app);

/** What is asked for up to now has everything of before now. */
async function network({ usage }: Worker): Promise<string | undefined> {
  app.clock.advance(1);
  return (await usage()).find((line) => line.meter === "network")?.quantity;
}

describe("usage events", () => {
  test("come as the CloudEvents SDK sends them: structured, in its own binary mode, and in batches", async () => {
    const event = (id: string) =>
      new CloudEvent({
        ...{ id, source: "/agents/1?zone=a", type: "usage.network", subject: who.vm },
        time: new Date(app.clock.now()).toISOString(),
        datacontenttype: "application/json",
        data: { value: "0.25", sessionId: who.me.sessionId },
        traceid: "4bf92f35",
      });
    const messages = [HTTP.structured(event("s")), HTTP.binary(event("b"))];
    const answers = await Promise.all(
      messages.map(async ({ headers, body }) => {
        const lines = Object.entries(headers).map(([name, value]) => [name, String(value)]);
        const options = { headers: Object.fromEntries(lines), body: String(body) };
        return (await who.me.request("POST", "/v1/usage", options)).body;
      }),
    );
    answers.push(await who.send([event("x").toJSON(), event("y").toJSON()]));
    expect(answers).toEqual([
      { accepted: 1, duplicates: 0, rejected: [] },
      { accepted: 1, duplicates: 0, rejected: [] },
      { accepted: 2, duplicates: 0, rejected: [] },
    ]);
    expect(await network(who)).toBe("1.000000000");
  });

  test("U02 count once: the same again is a duplicate, at any later time and after it was taken back", async () => {
    const who = await worker(app);
    const event = networkEvent(app, who, "2");
    expect(await who.send([event, event])).toEqual({ accepted: 1, duplicates: 1, rejected: [] });
    app.clock.advance(11 * MINUTE);
    expect(await who.send([event])).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
    expect(await who.send([{ ...event, data: { sessionId: who.me.sessionId, value: 2.0 } }])).toMatchObject({
      duplicates: 1,
    });
    expect(await network(who)).toBe("2.000000000");
    await who.me.request("POST", "/v1/usage/void", {
      body: { source: "/agents/1", ids: [event["id"]], reason: "sent by mistake" },
    });
    expect(await who.send([event])).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await network(who)).toBeUndefined();
  });

  test("are rejected where the id has another content", async () => {
    const who = await worker(app);
    const event = networkEvent(app, who, "2");
    await who.send([event]);
    const rejected = [{ index: 1, code: "usage.conflict", message: expect.any(String) }];
    const others = [
      { data: { value: "3", sessionId: who.me.sessionId } },
      { time: new Date(app.clock.now() - 1000).toISOString() },
      { type: "usage.cpu" },
    ];
    app.clock.advance(MINUTE);
    for (const change of others) {
      expect(await who.send([event, { ...event, ...change }])).toEqual({
        accepted: 0,
        duplicates: 1,
        rejected,
      });
    }
    const fresh = networkEvent(app, who, "1");
    expect(await who.send([fresh, { ...fresh, data: { value: "9", sessionId: who.me.sessionId } }])).toEqual({
      ...{ accepted: 1, duplicates: 0, rejected },
    });
    expect(await network(who)).toBe("3.000000000");
  });

  test("I10 U01 are taken or rejected each by itself, and say why", async () => {
    const who = await worker(app);
    const at = (ms: number) => ({ time: new Date(app.clock.now() + ms).toISOString() });
    const event = (value: unknown, changes: object = {}) => networkEvent(app, who, value, changes);
    app.clock.advance(HOUR);
    const sent = await who.send([
      event("1"),
      event("-1"),
      event("1", { type: "usage.coffee" }),
      event("1", { type: "network" }),
      event("1", { subject: "res_00000000000000000000000000" }),
      event("1", at(5 * MINUTE + 1)),
      event("1", at(-35 * DAY - 1)),
      event("1", at(-2 * HOUR)),
      event("1", { data: { value: "1" } }),
      event("1", { data: { value: "1", sessionId: "ses_00000000000000000000000000" } }),
      event("1", { data: { value: "1", sessionId: who.me.sessionId, note: "x" } }),
      event("1", { source: "active-session" }),
      { ...event("1"), id: "" },
      "no event",
      event("0.5", { type: "usage.cpu", data: { value: "0.5" } }),
      event("1", at(5 * MINUTE)),
    ]);
    expect(sent).toEqual({
      accepted: 3,
      duplicates: 0,
      rejected: [
        "request.invalid",
        "usage.unknown_meter",
        "usage.unknown_meter",
        "not_found",
        "usage.out_of_time",
        "usage.out_of_time",
        "usage.outside_session",
        "request.invalid",
        "not_found",
        "request.invalid",
        "request.invalid",
        "request.invalid",
        "request.invalid",
      ].map((code, place) => ({ index: place + 1, code, message: expect.any(String) })),
    });
  });

  test("of a session that is over are taken up to its end, and not from there on", async () => {
    const who = await worker(app);
    app.clock.advance(10 * MINUTE);
    const endsAtMs = app.clock.now();
    await who.me.request("POST", "/v1/auth/logout");
    const later = await signIn(app, who.me.user);
    app.clock.advance(MINUTE);
    const sent = await later.request("POST", "/v1/usage", {
      headers: { "content-type": BATCH },
      body: [-1, 0].map((ms) => networkEvent(app, who, "1", { time: new Date(endsAtMs + ms).toISOString() })),
    });
    expect(sent.body).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: "usage.outside_session" }] });
  });

  test("U03 of a resource that is deleted are taken up to then, and are unknown from there on", async () => {
    const { owner } = await app.tenant({ policy: LONG_SESSIONS });
    const me = await signIn(app, owner);
    const who = { me, vm: await machine(app, me) };
    app.clock.advance(MINUTE);
    await me.request("DELETE", `/v1/resources/${who.vm}`);
    const deletedAtMs = app.clock.now();
    app.clock.advance(MINUTE);
    const sent = await clientOf(me).send(
      [-1, 0].map((ms) => networkEvent(app, who, "1", { time: new Date(deletedAtMs + ms).toISOString() })),
    );
    expect(sent).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: "not_found" }] });
  });

  test("make one record, with how many of them were taken", async () => {
    const who = await worker(app);
    await who.send([networkEvent(app, who, "1"), networkEvent(app, who, "-1")]);
    const log = await who.me.request("GET", "/v1/activity?action=usage:ingest");
    expect(log.body.items).toHaveLength(1);
    expect(log.body.items[0].attributes).toEqual({ accepted: 1, duplicates: 0, rejected: 1 });
  });

  test("may be none, or a hundred", async () => {
    const who = await worker(app);
    expect(await who.send([])).toEqual({ accepted: 0, duplicates: 0, rejected: [] });
    const events = Array.from({ length: 101 }, () => networkEvent(app, who, "0.1"));
    expect(await who.send(events.slice(0, 100))).toMatchObject({ accepted: 100 });
    expect(await who.send(events)).toMatchObject({ status: 400, code: "request.invalid" });
    expect(await network(who)).toBe("10.000000000");
  });
});

describe("a request that is no event as a whole", () => {
  test.each([
    ["another version", { specversion: "0.3" }, "/specversion"],
    ["no id", { id: undefined }, "/id"],
    ["a source that is no URI", { source: "not a uri" }, "/source"],
    ["no subject", { subject: undefined }, "/subject"],
    ["no time", { time: null }, "/time"],
    ["a day that no month has", { time: "2026-02-30T00:00:00Z" }, "/time"],
    ["a 60th second", { time: "2026-01-01T00:00:60Z" }, "/time"],
    ["no zone", { time: "2026-01-01T00:00:00" }, "/time"],
    ["milliseconds for a time", { time: 1_772_442_000_000 }, "/time"],
    ["a year before all years", { time: "-0001-01-01T00:00:00Z" }, "/time"],
    ["data that is not JSON", { datacontenttype: "text/xml" }, "/datacontenttype"],
    ["an attribute in capitals", { TraceId: "x" }, "/TraceId"],
    ["an attribute that is an object", { trace: { id: "x" } }, "/trace"],
  ])("I10 is refused for %s", async (_what, change, pointer) => {
    const who = await worker(app);
    const sent = await who.me.request("POST", "/v1/usage", {
      headers: { "content-type": ONE },
      body: { ...networkEvent(app, who, "1"), ...change },
    });
    expect(sent).toMatchObject({ status: 400, body: { code: "request.invalid", errors: [{ pointer }] } });
  });

  test("is refused for JSON without the headers of an event", async () => {
    const who = await worker(app);
    const sent = await who.me.request("POST", "/v1/usage", { body: { value: "1" } });
    expect(sent).toMatchObject({ status: 415, body: { code: "request.media_type" } });
  });

  test("is taken with extensions that nobody knows, and attributes that are null", async () => {
    const who = await worker(app);
    const event = networkEvent(app, who, "1", { traceparent: "x", partial: true, hops: 3, dataschema: null });
    const sent = await who.me.request("POST", "/v1/usage", { headers: { "content-type": ONE }, body: event });
    expect(sent.body).toMatchObject({ accepted: 1 });
  });
});

describe("amounts", () => {
  test("U01 are exact, however small and however many", async () => {
    const who = await worker(app);
    const amounts = ["0.1", 0.2, "0.000000000000000001", "9007199254740993", "-0", -0, 0];
    expect(await who.send(amounts.map((value) => networkEvent(app, who, value)))).toMatchObject({
      accepted: 6,
      rejected: [{ index: 4, code: "request.invalid" }],
    });
    expect(await network(who)).toBe("9007199254740993.300000000");
  });

  test.each(["NaN", "1,5", "1e3", "+1", " 1", "1".repeat(39), true, null, {}])(
    "U01 are not %j",
    async (value) => {
      const who = await worker(app);
      expect(await who.send([networkEvent(app, who, value)])).toMatchObject({
        accepted: 0,
        rejected: [{ index: 0, code: "request.invalid" }],
      });
    },
  );

  test.each(["NaN", "1e309", "9007199254740993", "-Infinity"])(
    "U01 are not the JSON number %s, which would not be what was written",
    async (literal) => {
      const who = await worker(app);
      const body = JSON.stringify(networkEvent(app, who, "?")).replace('"?"', literal);
      const sent = await who.me.request("POST", "/v1/usage", { headers: { "content-type": ONE }, body });
      expect(sent.status).toBe(400);
    },
  );
});

test("U02 fifty at once of one event count once", async () => {
  const who = await worker(app);
  const event = networkEvent(app, who, "1");
  const sent = await Promise.all(Array.from({ length: 50 }, () => who.send([event])));
  expect(sent.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1);
  expect(sent.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(49);
  expect(await network(who)).toBe("1.000000000");
});

test("U02 an event that comes again after 40 days is still a duplicate", async () => {
  const who = await worker(app);
  const event = networkEvent(app, who, "1");
  await who.send([event]);
  app.clock.advance(40 * DAY);
  const later = await signIn(app, who.me.user);
  const again = await later.request("POST", "/v1/usage", { headers: { "content-type": ONE }, body: event });
  expect(again.body).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
});

test("a machine that another one of the tenant made can be metered too", async () => {
  const { member, owner } = await app.tenant();
  const [me, boss] = [await app.signIn(member), await app.signIn(owner)];
  const vm = await machine(app, boss);
  const sent = await me.request("POST", "/v1/usage", {
    headers: { "content-type": ONE },
    body: networkEvent(app, { me, vm }, "1"),
  });
  expect(sent.body).toMatchObject({ accepted: 1 });
});
