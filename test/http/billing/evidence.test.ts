import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { LONG_SESSIONS, machine, signIn } from "../usage/usage-client.ts";
import { billingClient, importSession, send, usageEvent } from "./billing-client.ts";

const app = await startApp({ now: "2026-11-20T09:00:00.000Z" });
afterAll(() => app.stop());

const { july, close, operatorUser } = await billingClient(app);

const cpu = (id: string, time: string, value: string) =>
  usageEvent(id, "cpu", { at: `2023-07-10T${time}Z`, value });
const network = (id: string, value: string) =>
  usageEvent(id, "network", { at: "2023-07-10T10:00:00Z", value });

describe("the evidence of a gauge", () => {
  test("is each interval with its level, its resource, and the records that began and ended it", async () => {
    const { tenant, operator, owner } = await july();
    app.clock.advance(1000);
    const [from, to] = ["2023-07-10T08:00:00Z", "2023-07-10T09:00:00Z"];
    await importSession(operator, tenant.id, { id: "s0", userId: "ann", from, to });
    await send(owner, cpu("g1", "08:00:00", "2"), cpu("g2", "10:00:00", "4"));
    const id = (await close(operator, tenant.id))?.invoice?.id;
    const { body } = await owner.request("GET", `/v1/invoices/${id}/lines/cpu/evidence`);
    const records = await app.records(tenant.id);
    const usage = records.find(({ action }) => action === "usage:ingest");
    const imported = records.findLast(({ action }) => action === "session:import");
    expect(body.items[1]).toEqual({
      ...{ sessionId: "s1", userId: "bert", quantity: "38.000000000", amount: "1.52", addsUp: true },
      period: { start: "2023-07-01T00:00:00.000Z", end: "2023-08-01T00:00:00.000Z" },
      arithmetic: "1.60 USD × 38.000000000 ÷ 40 = 1.52; by largest remainder 1.52 USD",
      intervals: [
        {
          ...{ resourceId: "r1", level: "2", levelMilliseconds: "7200000", quantity: "2.000000000" },
          ...{ from: "2023-07-10T09:00:00.000Z", to: "2023-07-10T10:00:00.000Z" },
          began: { by: "attached", activityId: imported?.id },
          ended: { by: "reading", activityId: usage?.id },
        },
        {
          ...{ resourceId: "r1", level: "4", levelMilliseconds: "129600000", quantity: "36.000000000" },
          ...{ from: "2023-07-10T10:00:00.000Z", to: "2023-07-10T19:00:00.000Z" },
          began: { by: "reading", activityId: usage?.id },
          ended: { by: "detached", activityId: imported?.id },
        },
      ],
      events: [],
    });
    expect(body.lines).toMatchObject([
      {
        quantity: "40.000000000",
        amount: "1.60",
        arithmetic: ["40 vCPU-hour × 0.04 = 1.6 USD", "rounded half away from zero to 2 decimals: 1.60 USD"],
      },
    ]);
    expect(body.nextCursor).toBeNull();
  });

  test("names the record of the session's own end, and of the change that set the level", async () => {
    const tenant = await app.tenant({ policy: LONG_SESSIONS });
    const me = await signIn(app, tenant.member);
    const vm = await machine(app, me);
    app.clock.advance(2 * 3_600_000);
    await me.request("POST", "/v1/auth/logout");
    app.clock.advance(60_000);
    const operator = await app.signIn(operatorUser);
    const owner = await app.signIn(tenant.owner);
    const id = (await close(operator, tenant.id, "2026-11"))?.invoice?.id;
    const { body } = await owner.request("GET", `/v1/invoices/${id}/lines/cpu/evidence`);
    const records = await app.records(tenant.id);
    const end = records.find(({ action }) => action === "session:end");
    expect(body.items).toMatchObject([
      {
        sessionId: me.sessionId,
        addsUp: true,
        intervals: [
          {
            resourceId: vm,
            level: "2",
            began: { by: "reading" },
            ended: { by: "session_ended", activityId: end?.id },
          },
        ],
      },
    ]);
    const began = records.find((record) => record.id === body.items[0].intervals[0].began.activityId);
    expect(began?.action).toMatch(/^vm:/);
  });
});

describe("the evidence of a counter", () => {
  test("is each event with the record of the request that brought it", async () => {
    const { tenant, operator, owner } = await july();
    await send(owner, network("n1", "90"), network("n2", "5"));
    const id = (await close(operator, tenant.id))?.invoice?.id;
    const { body } = await owner.request("GET", `/v1/invoices/${id}/lines/network/evidence`);
    const time = "2023-07-10T10:00:00.000Z";
    expect(body.items).toMatchObject([
      {
        quantity: "95.000000000",
        addsUp: true,
        events: [
          { id: "n1", source: "/cloud", resourceId: "r1", time, value: "90", activityId: expect.any(String) },
          { id: "n2", source: "/cloud", resourceId: "r1", time, value: "5", activityId: expect.any(String) },
        ],
      },
    ]);
    expect(body.lines[0].arithmetic).toEqual([
      "up to 100: 95.000000000 GiB × 0.09 = 8.550000000",
      "together 8.55 USD",
      "rounded half away from zero to 2 decimals: 8.55 USD",
    ]);
  });

  test("stays that of the final invoice, whatever comes and is taken back later", async () => {
    const { tenant, operator, owner } = await july();
    await send(owner, network("n1", "90"), network("n2", "5"));
    const final = (await close(operator, tenant.id))?.invoice?.id;
    await send(owner, network("n3", "10"));
    const adjustment = (await close(operator, tenant.id))?.invoice?.id;
    const body = { source: "/cloud", ids: ["n1", "n2", "n3"], reason: "Metered by mistake" };
    await owner.request("POST", "/v1/usage/void", { body });
    const note = (await close(operator, tenant.id))?.invoice?.id;
    const evidenceOf = async (id = "") => {
      const { body: found } = await owner.request("GET", `/v1/invoices/${id}/lines/network/evidence`);
      const [session] = found.items;
      return { ...session, ids: session.events.map((event: { id: string }) => event.id) };
    };
    expect(await evidenceOf(final)).toMatchObject({ addsUp: true, amount: "8.55", ids: ["n1", "n2"] });
    expect(await evidenceOf(adjustment)).toMatchObject({
      addsUp: true,
      ids: ["n1", "n2", "n3"],
      billedBefore: { quantity: "95.000000000", amount: "8.55" },
      arithmetic:
        "105 for 9.43 USD in all, less 95.000000000 for 8.55 USD billed before = 10.000000000 for 0.88 USD",
    });
    expect(await evidenceOf(note)).toMatchObject({ addsUp: true, amount: "-9.43", ids: [] });
  });
});

describe("a long list", () => {
  test("is paged by sessions, and every session comes once", async () => {
    const { tenant, operator, owner } = await july();
    const ids = ["p1", "p2", "p3", "p4", "p5"];
    const [from, to] = ["2023-07-12T08:00:00Z", "2023-07-12T20:00:00Z"];
    for (const id of ids) await importSession(operator, tenant.id, { id, userId: "ann", from, to });
    const events = ids.map((id) => usageEvent(`n-${id}`, "network", { at: from, value: "1", sessionId: id }));
    await send(owner, ...events);
    const id = (await close(operator, tenant.id))?.invoice?.id;
    const seen: string[] = [];
    let query = "limit=2";
    for (let page = 0; page < 10 && query !== ""; page += 1) {
      const { body } = await owner.request("GET", `/v1/invoices/${id}/lines/network/evidence?${query}`);
      seen.push(...body.items.map(({ sessionId }: { sessionId: string }) => sessionId));
      query = body.nextCursor === null ? "" : `limit=2&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(ids);
  });

  test("of a meter that the invoice has no line of is not found", async () => {
    const { tenant, operator, owner } = await july();
    await send(owner, network("n1", "90"));
    const id = (await close(operator, tenant.id))?.invoice?.id;
    const answer = await owner.request("GET", `/v1/invoices/${id}/lines/cpu/evidence`);
    expect(answer.status).toBe(404);
  });
});
