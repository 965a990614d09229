import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { clientOf, HOUR, LONG_SESSIONS, machine, networkEvent, signIn, worker } from "./usage-client.ts";

const app = await startApp();
afterAll(() => app.stop());

describe("usage of another tenant", () => {
  test("U03 can be neither seen, added to nor taken back, and looks as if it were not there", async () => {
    const [mine, theirs] = [await worker(app), await worker(app)];
    const theirEvent = networkEvent(app, theirs, "5");
    await theirs.send([theirEvent]);
    app.clock.advance(1);
    const answers = await mine.send([
      networkEvent(app, { me: mine.me, vm: theirs.vm }, "1"),
      networkEvent(app, { me: mine.me, vm: "res_00000000000000000000000000" }, "1"),
      networkEvent(app, { me: theirs.me, vm: mine.vm }, "1"),
      networkEvent(
        app,
        { me: { ...mine.me, sessionId: "ses_00000000000000000000000000" }, vm: mine.vm },
        "1",
      ),
    ]);
    const messages = answers.rejected.map(({ index: _index, ...what }) => what);
    expect(messages).toHaveLength(4);
    expect(messages[0]).toEqual(messages[1]);
    expect(messages[2]).toEqual(messages[3]);
    const takeBack = await mine.me.request("POST", "/v1/usage/void", {
      body: { source: "/agents/1", ids: [theirEvent["id"]], reason: "not mine" },
    });
    expect(takeBack.body).toEqual({ voided: 0, unknown: [theirEvent["id"]] });
    expect((await theirs.usage()).find(({ meter }) => meter === "network")?.quantity).toBe("5.000000000");
    expect(JSON.stringify(await mine.usage("groupBy=resource"))).not.toContain(theirs.vm);
  });

  test("may have an event of the same source and id", async () => {
    const [mine, theirs] = [await worker(app), await worker(app)];
    const name = { source: "/shared", id: "1" };
    expect(await mine.send([networkEvent(app, mine, "1", name)])).toMatchObject({ accepted: 1 });
    expect(await theirs.send([networkEvent(app, theirs, "2", name)])).toMatchObject({ accepted: 1 });
  });

  test("I07 is not reached by an id that looks like a key", async () => {
    const [mine, theirs] = [await worker(app), await worker(app)];
    const { tenantId } = theirs.me.user;
    const subjects = [`${tenantId}#${theirs.vm}`, `x#TENANT#${tenantId}`, "%", "*", `${theirs.vm}#cpu`];
    const sent = await mine.send(subjects.map((subject) => networkEvent(app, mine, "1", { subject })));
    expect(sent.rejected.map(({ code }) => code)).toEqual(subjects.map(() => "not_found"));
  });
});

describe("who may", () => {
  test("see it: a member only that of their own sessions, a reader all of it, an auditor none", async () => {
    const tenant = await app.tenant({ policy: LONG_SESSIONS });
    const [boss, me] = [await signIn(app, tenant.owner), await signIn(app, tenant.member)];
    await machine(app, boss);
    app.clock.advance(HOUR);
    const vm = await machine(app, me);
    app.clock.advance(HOUR);
    const quantities = async (who: typeof me) =>
      Object.fromEntries(
        (await clientOf(who).usage()).map(({ meter, quantity }) => [meter, Number(quantity)]),
      );
    expect(await quantities(me)).toMatchObject({ cpu: 2, memory: 1 });
    expect(await clientOf(me).usage("groupBy=resource")).toMatchObject([
      { key: vm, meter: "cpu" },
      { key: vm, meter: "memory" },
    ]);
    expect((await quantities(await signIn(app, tenant.reader)))["cpu"]).toBeCloseTo(6, 3);
    const auditor = await app.signIn(await tenant.addUser(["auditor"]));
    expect(await auditor.request("GET", "/v1/usage")).toMatchObject({
      status: 403,
      body: { code: "access.denied" },
    });
  });

  test("add to it and take it back: a member, and not a reader", async () => {
    const tenant = await app.tenant();
    const reader = await app.signIn(tenant.reader);
    const event = networkEvent(app, { me: reader, vm: "vm-1" }, "1");
    const headers = { "content-type": "application/cloudevents+json" };
    expect((await reader.request("POST", "/v1/usage", { headers, body: event })).status).toBe(403);
    const body = { source: "/agents/1", ids: ["1"], reason: "x" };
    expect((await reader.request("POST", "/v1/usage/void", { body })).status).toBe(403);
  });
});

test("an event cannot take the name of one that the platform will make itself", async () => {
  const who = await worker(app);
  const id = `${who.vm}.000000003.cpu`;
  const sent = await who.send([networkEvent(app, who, "1", { source: "active-session", id })]);
  expect(sent.rejected).toMatchObject([{ index: 0, code: "request.invalid" }]);
  const stopped = await who.me.request("POST", `/v1/resources/${who.vm}/stop`);
  expect(stopped.status).toBeLessThan(300);
});
