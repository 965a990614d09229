import { type PeriodLength, type ScheduledRun, scheduleHandler } from "../../../lib/events/schedule.ts";
import { fakeLeases } from "../../support/fake-leases.ts";

const NOON = Date.UTC(2026, 2, 2, 12);

function scheduleOf(every: PeriodLength, run: (run: ScheduledRun) => Promise<void> = async () => undefined) {
  const runs: ScheduledRun[] = [];
  let nowMs = NOON;
  const handler = scheduleHandler(
    {
      name: "rollUpUsage",
      every,
      run: async (scheduled) => {
        runs.push(scheduled);
        await run(scheduled);
      },
    },
    {
      leases: fakeLeases(),
      now: () => nowMs,
      log: { failed: () => undefined, ran: () => undefined },
    },
  );
  return {
    handler,
    runs,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe("a schedule", () => {
  test.each([
    ["minute", "2026-03-02T09:59"],
    ["hour", "2026-03-02T09"],
    ["day", "2026-03-02"],
    ["month", "2026-03"],
  ] as const)("runs for the %s that its event was due in, however late it comes", async (every, period) => {
    const { handler, runs } = scheduleOf(every);
    expect(await handler({ time: "2026-03-02T09:59:30Z" })).toEqual({ period, outcome: "done" });
    expect(runs.map(({ dueAtMs }) => dueAtMs)).toEqual([Date.UTC(2026, 2, 2, 9, 59, 30)]);
  });

  test("runs for the present where the event names no time", async () => {
    expect(await scheduleOf("hour").handler({})).toEqual({ period: "2026-03-02T12", outcome: "done" });
  });

  test("does the work of a period once, however often the event is delivered", async () => {
    const { handler, runs } = scheduleOf("hour");
    await handler({ time: "2026-03-02T09:00:00Z" });
    expect(await handler({ time: "2026-03-02T09:00:00Z" })).toMatchObject({ outcome: "finished" });
    expect(runs).toHaveLength(1);
  });

  test("does a finished period again when it is asked to", async () => {
    const { handler, runs } = scheduleOf("hour");
    await handler({ time: "2026-03-02T09:00:00Z" });
    await handler({ time: "2026-03-02T09:00:00Z", again: true });
    expect(runs.map(({ lease }) => lease.fencingToken)).toEqual([1, 2]);
  });

  test("leaves a period to the run that has it when two are delivered at once", async () => {
    const work = Promise.withResolvers<void>();
    const { handler, runs } = scheduleOf("hour", () => work.promise);
    const first = handler({});
    const second = await handler({});
    work.resolve();
    expect(second).toMatchObject({ outcome: "held" });
    expect(await first).toMatchObject({ outcome: "done" });
    expect(runs).toHaveLength(1);
  });

  test("throws what failed and lets the period go, for the next delivery to try again", async () => {
    let attempts = 0;
    const { handler } = scheduleOf("hour", async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("The table is throttled.");
    });
    await expect(handler({})).rejects.toThrow("The table is throttled.");
    expect(await handler({})).toMatchObject({ outcome: "done" });
  });

  test("refuses a time that is none", async () => {
    await expect(scheduleOf("hour").handler({ time: "yesterday" })).rejects.toThrow("RFC 3339");
  });
});
