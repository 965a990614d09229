import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp({ now: "2026-03-02T09:30:00.000Z" });
afterAll(() => app.stop());

async function owner(): Promise<SignedIn> {
  return await app.signIn((await app.tenant()).owner);
}

const record = (id: string, changes: object = {}) => ({
  id,
  time: "2026-03-02T08:30:00.000Z",
  actor: { type: "service", id: "scheduler" },
  action: "vm:start",
  resource: { type: "vm", id: "vm-1" },
  outcome: "success",
  durationMs: 100,
  ...changes,
});

const send = (who: SignedIn, records: readonly unknown[]) =>
  who.request("POST", "/v1/activity", { body: { records } });

const groupsOf = async (who: SignedIn, query: string) => {
  const answer = await who.request("GET", `/v1/metrics?${query}`);
  expect(answer.status).toBe(200);
  return answer.body.items;
};

/** A run is of a minute. */
async function rollUp(): Promise<void> {
  app.clock.advance(60_000);
  await app.invoke("rollUpMetrics", {});
}

const vmStarts = (durations: readonly number[], changes: object = {}) =>
  durations.map((durationMs, index) =>
    record(`${JSON.stringify(changes)}-${index}`, { durationMs, ...changes }),
  );

describe("metrics", () => {
  test("count each record once, and tell quantiles to 1 %, by whatever they are grouped", async () => {
    const me = await owner();
    const durations = Array.from({ length: 100 }, (_, index) => index + 1);
    await send(me, [
      ...vmStarts(durations, { taskId: "deploy" }),
      record("bad", { action: "vm:stop", outcome: "error", errorCode: "E1", durationMs: 5000 }),
      record("no", { action: "vm:stop", outcome: "denied", actor: { type: "user", id: "ann" } }),
    ]);
    await app.deliverStreams();
    const range = "from=2026-03-02T08:00:00Z&to=2026-03-02T09:00:00Z";
    const [starts, stops, ...others] = await groupsOf(me, `groupBy=action&${range}`);
    expect(others).toEqual([]);
    expect(starts).toMatchObject({ key: "vm:start", count: 100, errors: 0, denied: 0 });
    expect(starts.p50Ms).toBeCloseTo(50, -0.1);
    expect(Math.abs(starts.p95Ms - 95)).toBeLessThan(1);
    expect(Math.abs(starts.p99Ms - 99)).toBeLessThan(1);
    expect(starts).toMatchObject({ firstAt: "2026-03-02T08:30:00.000Z", lastAt: "2026-03-02T08:30:00.000Z" });
    expect(stops).toMatchObject({ key: "vm:stop", count: 2, errors: 1, denied: 1 });
    const keys = async (groupBy: string) =>
      (await groupsOf(me, `groupBy=${groupBy}&${range}`)).map(
        ({ key, count }: { key: string; count: number }) => [key, count],
      );
    expect(await keys("user")).toEqual([
      ["scheduler", 101],
      ["ann", 1],
    ]);
    expect(await keys("task")).toEqual([["deploy", 100]]);
    expect(await keys("resource")).toEqual([["vm/vm-1", 102]]);
    expect(await keys("session")).toEqual([]);
  });

  test("are the same before they are rolled up, half-way through, and after, however often", async () => {
    const me = await owner();
    const range = "groupBy=action&from=2026-03-01T00:00:00Z&to=2026-03-02T09:00:00Z";
    await send(me, vmStarts([10, 20, 30]));
    await send(me, vmStarts([1000], { time: "2026-03-01T12:00:00Z" }));
    await app.deliverStreams();
    const [pending] = await groupsOf(me, range);
    expect(pending).toMatchObject({ key: "vm:start", count: 4 });
    await rollUp();
    expect(await groupsOf(me, range)).toEqual([pending]);
    await rollUp();
    await send(me, vmStarts([10], { time: "2026-03-02T08:59:59.999Z" }));
    await app.deliverStreams();
    const [more] = await groupsOf(me, range);
    expect(more).toMatchObject({ count: 5, lastAt: "2026-03-02T08:59:59.999Z" });
    await Promise.all(
      [1, 2, 3, 4, 5].map((second) =>
        app.invoke("rollUpMetrics", { time: `2026-03-02T09:40:0${second}Z`, again: true }),
      ),
    );
    await rollUp();
    expect(await groupsOf(me, range)).toEqual([more]);
  });

  test("are of the very range that is asked for, also where it ends within an hour", async () => {
    const me = await owner();
    const at = (time: string) => record(time, { time: `2026-03-02T${time}Z` });
    await send(me, ["06:59:59.999", "07:15:00.000", "07:15:00.001", "08:20:00.000", "08:45:00.000"].map(at));
    await app.deliverStreams();
    const countIn = async (from: string, to: string) =>
      (await groupsOf(me, `from=2026-03-02T${from}Z&to=2026-03-02T${to}Z`))[0]?.count ?? 0;
    const checks = async () => {
      expect(await countIn("07:15:00.001", "08:45:00.000")).toBe(2);
      expect(await countIn("07:15:00.000", "08:45:00.001")).toBe(4);
      expect(await countIn("07:00:00", "08:00:00")).toBe(2);
      expect(await countIn("07:15:00.000", "07:15:00.001")).toBe(1);
      expect(await countIn("00:00:00", "09:00:00")).toBe(5);
    };
    await checks();
    await rollUp();
    await checks();
  });

  test("are the caller's tenant's alone, and for those who may see its log", async () => {
    const tenant = await app.tenant();
    const [me, member] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const elsewhere = await owner();
    await send(elsewhere, [record("r-1")]);
    await app.deliverStreams();
    expect(await groupsOf(me, "groupBy=resource")).not.toContainEqual(
      expect.objectContaining({ key: "vm/vm-1" }),
    );
    expect((await member.request("GET", "/v1/metrics")).status).toBe(403);
    expect((await me.request("GET", "/v1/metrics?groupBy=colour")).status).toBe(400);
    expect(
      (await me.request("GET", "/v1/metrics?from=2026-03-02T09:00:00Z&to=2026-03-01T09:00:00Z")).status,
    ).toBe(400);
  });

  test("are given in pages", async () => {
    const me = await owner();
    await send(
      me,
      [1, 2, 3].flatMap((task) => vmStarts(Array(task).fill(10), { taskId: `t-${task}` })),
    );
    await app.deliverStreams();
    const first = (await me.request("GET", "/v1/metrics?groupBy=task&limit=2")).body;
    const second = (await me.request("GET", `/v1/metrics?groupBy=task&limit=2&cursor=${first.nextCursor}`))
      .body;
    expect([...first.items, ...second.items].map(({ key }: { key: string }) => key)).toEqual([
      "t-3",
      "t-2",
      "t-1",
    ]);
    expect(second.nextCursor).toBeNull();
  });
});

describe("a session's metrics", () => {
  test("show what failed and what was slow, with the records to look at, and what was used", async () => {
    const tenant = await app.tenant();
    const [admin, me] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    const { sessionId } = me;
    const made = await me.request("POST", "/v1/resources", {
      body: { type: "vm", name: "one", spec: { vcpus: 2, memoryGiB: 4, image: "debian-13" } },
    });
    expect(made.status).toBe(202);
    await me.request("GET", "/v1/roles");
    await send(admin, [
      record("slow", { sessionId, durationMs: 9000, action: "vm:resize" }),
      record("fail", {
        sessionId,
        durationMs: 50,
        action: "vm:start",
        outcome: "error",
        errorCode: "NoCapacity",
      }),
    ]);
    await app.deliverStreams();
    app.clock.advance(1000);
    expect((await me.request("GET", `/v1/resources/${made.body.id}`)).body.state).toBe("running");
    app.clock.advance(180_000);
    await app.deliverStreams();
    const before = (await admin.request("GET", `/v1/sessions/${sessionId}/metrics`)).body;
    const failing = before.failing.find(({ action }: { action: string }) => action === "vm:start");
    expect(failing).toMatchObject({ count: 1, errors: 1, lastFailure: { errorCode: "NoCapacity" } });
    const [failed] = (await admin.request("GET", "/v1/activity?action=vm:start&outcome=error")).body.items;
    expect(failing.lastFailure.activityId).toBe(failed.id);
    expect(before.failing).toContainEqual(expect.objectContaining({ action: "role:list", denied: 1 }));
    expect(before.slowest[0]).toMatchObject({ action: "vm:resize", count: 1, slowest: { durationMs: 9000 } });
    expect(before).toMatchObject({
      cpu: expect.stringMatching(/^0\.1\d+$/),
      storage: "0.000000000",
      network: "0.000000000",
    });
    expect(before.usage).toContainEqual({
      meter: "cpu",
      unit: "vCPU-hour",
      quantity: expect.stringMatching(/^0\.1\d+$/),
    });
    await rollUp();
    const after = (await admin.request("GET", `/v1/sessions/${sessionId}/metrics`)).body;
    // A minute later it has used more.
    expect({ ...after, cpu: "", usage: [] }).toEqual({ ...before, cpu: "", usage: [] });
  });

  test("are one's own, and another's with session:read alone", async () => {
    const tenant = await app.tenant();
    const [admin, member] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
    expect((await member.request("GET", "/v1/sessions/current/metrics")).status).toBe(200);
    expect((await member.request("GET", `/v1/sessions/${admin.sessionId}/metrics`)).status).toBe(404);
    expect((await admin.request("GET", `/v1/sessions/${member.sessionId}/metrics`)).status).toBe(200);
  });
});
