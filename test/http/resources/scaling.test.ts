import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const { activityTable } = await import("../../../lib/aws/activity-table.ts");

const GROUP = {
  type: "instance_group",
  name: "workers",
  spec: { template: { vcpus: 1, memoryGiB: 1, image: "debian-13" }, desired: 2, min: 1, max: 10 },
};
const POLICY = { metric: "cpu", target: 50, min: 1, max: 8, cooldownSeconds: 60 };
const MINUTE_MS = 60_000;

async function groupOf(by: SignedIn, body: object = GROUP): Promise<string> {
  const { body: made } = await by.request("POST", "/v1/resources", { body });
  app.clock.advance(300);
  await by.request("GET", `/v1/resources/${made.id}`);
  return made.id;
}

const now = () => new Date(app.clock.now()).toISOString();

const sampled = (by: SignedIn, id: string, value: unknown, time = now()) =>
  by.request("POST", `/v1/resources/${id}/metrics`, { body: { samples: [{ time, metric: "cpu", value }] } });

const desiredOf = async (by: SignedIn, id: string) =>
  (await by.request("GET", `/v1/resources/${id}`)).body.spec.desired;

async function scalingRecords(tenantId: string) {
  const { records } = await activityTable().find({ tenantId, order: "newest_first", limit: 200 });
  return records.filter(({ action, source }) => action === "instance_group:scale" && source === "system");
}

describe("a scaling policy", () => {
  test("is set, read and removed", async () => {
    const member = await app.signIn((await app.tenant()).member);
    const id = await groupOf(member);
    expect((await member.request("GET", `/v1/resources/${id}/scaling`)).status).toBe(404);
    const set = await member.request("PUT", `/v1/resources/${id}/scaling`, { body: POLICY });
    expect(set.body).toMatchObject({ ...POLICY, sessionId: member.sessionId });
    expect((await member.request("GET", `/v1/resources/${id}/scaling`)).body).toEqual(set.body);
    expect((await member.request("DELETE", `/v1/resources/${id}/scaling`)).status).toBe(204);
    expect((await member.request("DELETE", `/v1/resources/${id}/scaling`)).status).toBe(404);
  });

  test.each([
    [{ ...POLICY, target: 0 }, 400],
    [{ ...POLICY, min: 9 }, 400],
    [{ ...POLICY, metric: "moon" }, 400],
    [{ ...POLICY, extra: 1 }, 400],
  ])("is held to its form: %j", async (body, status) => {
    const member = await app.signIn((await app.tenant()).member);
    const id = await groupOf(member);
    expect((await member.request("PUT", `/v1/resources/${id}/scaling`, { body })).status).toBe(status);
  });

  test("is for groups alone", async () => {
    const member = await app.signIn((await app.tenant()).member);
    const id = await groupOf(member, { type: "volume", name: "d", spec: { sizeGiB: 1 } });
    expect((await member.request("PUT", `/v1/resources/${id}/scaling`, { body: POLICY })).status).toBe(422);
  });

  test("grows the group as soon as samples come in, on record under its session", async () => {
    const tenant = await app.tenant();
    const [owner, member] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const id = await groupOf(member);
    await member.request("PUT", `/v1/resources/${id}/scaling`, { body: POLICY });
    expect((await sampled(owner, id, "90")).body).toEqual({ accepted: 1 });
    expect(await desiredOf(member, id)).toBe(4);
    expect(await scalingRecords(tenant.id)).toEqual([
      expect.objectContaining({
        sessionId: member.sessionId,
        outcome: "success",
        actor: expect.objectContaining({ type: "service", onBehalfOf: member.user.userId }),
        changes: [{ path: "/spec/desired", from: 2, to: 4 }],
      }),
    ]);
  });

  test("takes each step once, however many samples and schedules ask for it at once", async () => {
    const tenant = await app.tenant();
    const member = await app.signIn(tenant.member);
    const id = await groupOf(member);
    await member.request("PUT", `/v1/resources/${id}/scaling`, { body: POLICY });
    await Promise.all([
      sampled(member, id, 90),
      sampled(member, id, 90),
      app.invoke("scaleGroups", {}),
      sampled(member, id, 90),
    ]);
    expect(await desiredOf(member, id)).toBe(4);
    expect(await scalingRecords(tenant.id)).toHaveLength(1);
  });

  test("grows again after a cooldown, and shrinks after three and five minutes at least", async () => {
    const tenant = await app.tenant();
    const member = await app.signIn(tenant.member);
    const id = await groupOf(member);
    await member.request("PUT", `/v1/resources/${id}/scaling`, { body: POLICY });
    await sampled(member, id, 90);
    app.clock.advance(59_000);
    await sampled(member, id, 90);
    expect(await desiredOf(member, id)).toBe(4);
    app.clock.advance(1000);
    await sampled(member, id, 90);
    expect(await desiredOf(member, id)).toBe(8);
    // An access token is good for five minutes.
    const again = await app.signIn(tenant.member);
    for (let minute = 1; minute <= 4; minute++) {
      app.clock.advance(MINUTE_MS);
      await sampled(again, id, 5);
    }
    expect(await desiredOf(again, id)).toBe(8);
    app.clock.advance(MINUTE_MS - 1000);
    await sampled(again, id, 5);
    expect(await desiredOf(again, id)).toBe(8);
    app.clock.advance(1000);
    const last = await app.signIn(tenant.member);
    await sampled(last, id, 5);
    expect(await desiredOf(last, id)).toBe(1);
  });

  test("steps by schedule too", async () => {
    const member = await app.signIn((await app.tenant()).member);
    const id = await groupOf(member);
    await sampled(member, id, 90);
    await member.request("PUT", `/v1/resources/${id}/scaling`, { body: POLICY });
    expect(await desiredOf(member, id)).toBe(2);
    app.clock.advance(MINUTE_MS);
    await app.invoke("scaleGroups", {});
    expect(await desiredOf(member, id)).toBe(4);
  });

  test("outlives its session's end, and waits where the provider has no room", async () => {
    const tenant = await app.tenant();
    const [owner, member] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const id = await groupOf(member, { ...GROUP, tags: { simulate: "fail:resize" } });
    await member.request("PUT", `/v1/resources/${id}/scaling`, { body: POLICY });
    await member.request("POST", "/v1/auth/logout");
    await sampled(owner, id, 90);
    await sampled(owner, id, 90);
    expect(await desiredOf(owner, id)).toBe(2);
    expect(await scalingRecords(tenant.id)).toEqual([
      expect.objectContaining({ outcome: "error", errorCode: "conflict", sessionId: member.sessionId }),
    ]);
  });
});

describe("load samples", () => {
  test("are kept, read newest first, and count once at one instant", async () => {
    const member = await app.signIn((await app.tenant()).member);
    const id = await groupOf(member, { type: "vm", name: "v", spec: GROUP.spec.template });
    const [first, second] = [now(), new Date(app.clock.now() + 1000).toISOString()];
    await member.request("POST", `/v1/resources/${id}/metrics`, {
      body: {
        samples: [
          { time: first, metric: "cpu", value: 1.5 },
          { time: first, metric: "requests", value: "20" },
          { time: second, metric: "cpu", value: "0.1" },
        ],
      },
    });
    await sampled(member, id, "0.10", second);
    const all = await member.request("GET", `/v1/resources/${id}/metrics`);
    expect(all.body.items).toEqual([
      { time: second, metric: "cpu", value: "0.1" },
      { time: first, metric: "requests", value: "20" },
      { time: first, metric: "cpu", value: "1.5" },
    ]);
    const page = await member.request("GET", `/v1/resources/${id}/metrics?metric=cpu&limit=1`);
    expect(page.body.items).toEqual([{ time: second, metric: "cpu", value: "0.1" }]);
    const next = await member.request(
      "GET",
      `/v1/resources/${id}/metrics?metric=cpu&limit=1&cursor=${encodeURIComponent(page.body.nextCursor)}`,
    );
    expect(next.body.items).toEqual([{ time: first, metric: "cpu", value: "1.5" }]);
    const before = await member.request("GET", `/v1/resources/${id}/metrics?to=${second}`);
    expect(before.body.items).toHaveLength(2);
  });

  test.each([
    ["a value below nothing", { value: -1 }],
    ["no number", { value: "NaN" }],
    ["a year ahead", { time: "2027-03-02T09:00:00.000Z" }],
    ["ten years ago", { time: "2016-03-02T09:00:00.000Z" }],
    ["no zone", { time: "2026-03-02T09:00:00" }],
    ["a day that is not", { time: "2026-02-30T09:00:00Z" }],
    ["a metric with a hash", { metric: "cpu#x" }],
  ])("are refused with %s", async (_what, change) => {
    const member = await app.signIn((await app.tenant()).member);
    const id = await groupOf(member);
    const sample = { time: now(), metric: "cpu", value: "1", ...change };
    const answer = await member.request("POST", `/v1/resources/${id}/metrics`, {
      body: { samples: [sample] },
    });
    expect([answer.status, answer.body.code]).toEqual([400, "request.invalid"]);
  });
});
