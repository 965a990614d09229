import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { HOUR, networkEvent, type Worker, worker } from "./usage-client.ts";

const app = await startApp();
afterAll(() => app.stop());

const takeBack = (who: Worker, ids: readonly unknown[], changes: object = {}) =>
  who.me.request("POST", "/v1/usage/void", {
    body: { source: "/agents/1", ids, reason: "counted twice", ...changes },
  });

const network = async (who: Worker) => (await who.usage()).find(({ meter }) => meter === "network")?.quantity;

describe("usage that is taken back", () => {
  test("counts for nothing, is on record with its reason, and names what nobody knows", async () => {
    const who = await worker(app);
    const [first, second] = [networkEvent(app, who, "1"), networkEvent(app, who, "2")];
    await who.send([first, second]);
    app.clock.advance(1);
    expect(await network(who)).toBe("3.000000000");
    const answer = await takeBack(who, [first["id"], "unheard-of"]);
    expect([answer.status, answer.body]).toEqual([200, { voided: 1, unknown: ["unheard-of"] }]);
    expect(await network(who)).toBe("2.000000000");
    // Records of one millisecond are in no order.
    app.clock.advance(1);
    const again = await takeBack(who, [first["id"]]);
    expect(again.body).toEqual({ voided: 1, unknown: [] });
    const log = await who.me.request("GET", "/v1/activity?action=usage:void");
    expect(log.body.items.map(({ attributes }: { attributes: unknown }) => attributes)).toEqual([
      { source: "/agents/1", reason: "counted twice", voided: [first["id"]], unknown: [] },
      { source: "/agents/1", reason: "counted twice", voided: [first["id"]], unknown: ["unheard-of"] },
    ]);
  });

  test("is taken out of hours that were rolled up long ago", async () => {
    const who = await worker(app);
    const event = networkEvent(app, who, "1");
    await who.send([event]);
    app.clock.advance(10 * HOUR);
    await app.invoke("rollUpUsage", {});
    await takeBack(who, [event["id"]]);
    expect(await network(who)).toBeUndefined();
    app.clock.advance(HOUR);
    await app.invoke("rollUpUsage", {});
    expect(await network(who)).toBeUndefined();
  });

  test("is not what the platform itself has metered", async () => {
    const who = await worker(app);
    const answer = await takeBack(who, [`${who.vm}.000000002.cpu`], { source: "active-session" });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: "/source" }] } });
  });

  test.each([
    ["no ids", { ids: [] }, "/ids"],
    ["one id twice", { ids: ["a", "a"] }, "/ids"],
    ["no reason", { reason: "" }, "/reason"],
    ["more than it knows", { all: true }, "/all"],
  ])("is refused for %s", async (_what, changes, pointer) => {
    const who = await worker(app);
    expect(await takeBack(who, ["a"], changes)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  });
});
