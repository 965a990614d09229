import { type FakeUsageOptions, fakeUsage } from "../../support/fake-usage.ts";
import { modelOf, type Usage } from "./minute-model.ts";
import { player, readNow, rollUpNow, TENANT, usageOf } from "./platform-runner.ts";
import { BEGIN, MINUTE, type Platform, simulatePlatform } from "./platform-simulator.ts";

const HOUR = 60 * MINUTE;

/** A platform in the making, with its clock and its stores. */
function play(platform: Platform, options: Omit<FakeUsageOptions, "now"> = {}) {
  const clock = { nowMs: BEGIN };
  const usage = fakeUsage({ now: () => clock.nowMs, ...options });
  return { clock, usage, ...player(usage, platform, clock) };
}

/** What has been used until now, by what has come in and what is known of the sessions at this moment. */
function modelNow(platform: Platform, counted: ReadonlySet<string>, nowMs: number): Usage {
  const events = new Map(platform.deliveries.map(({ event }) => [event.id, event]));
  const sessions = platform.sessions.map((session) => ({
    ...session,
    endedAtMs: (session.noticedAtMs ?? 0) <= nowMs ? session.endedAtMs : null,
  }));
  const known = [...counted].flatMap((id) => events.get(id) ?? []);
  const period = { startAtMs: BEGIN, endAtMs: nowMs };
  return modelOf({ sessions, attachments: platform.attachments, events: known }, period);
}

const held = (usage: Usage): Usage =>
  Object.fromEntries(Object.entries(usage).filter(([key]) => !key.includes(" nobody ")));

/** Calls take turns with each other in an order that is not theirs. */
function scrambled(): NonNullable<FakeUsageOptions["around"]> {
  let count = 0;
  return async (_name, call) => {
    count += 1;
    if (count % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    else await Promise.resolve();
    const result = call();
    if (count % 5 === 0) await Promise.resolve();
    return result;
  };
}

test.each([20_261_124, 7])(
  "a platform of thousands of sessions is rolled up as the model has it, and read right at any time (seed %i)",
  async (seed) => {
    const platform = simulatePlatform(seed, { sessions: 1500, resources: 40, hours: 48 });
    const { clock, usage, playUntil, counted } = play(platform, { around: scrambled(), indexLagMs: 30_000 });
    for (let hour = 1; BEGIN + hour * HOUR < platform.endMs; hour += 1) {
      await playUntil(BEGIN + hour * HOUR + 25 * MINUTE);
      const next = BEGIN + hour * HOUR + 31 * MINUTE;
      // Two runs at once, while events come in and time goes on.
      const [first, second] = await Promise.all([
        rollUpNow(usage, clock),
        rollUpNow(usage, clock),
        playUntil(next),
      ]);
      expect([...first, ...second]).toEqual([]);
      clock.nowMs += 30_000;
      if (hour % 13 === 0) {
        clock.nowMs = next + MINUTE;
        expect(await readNow(usage, clock)).toEqual(modelNow(platform, counted(), clock.nowMs));
      }
    }
    await playUntil(platform.endMs);
    await rollUpNow(usage, clock);
    const model = modelNow(platform, counted(), clock.nowMs);
    expect(await readNow(usage, clock)).toEqual(model);
    const stored = usageOf(usage.storedRows(TENANT));
    expect(held(stored)).toEqual(held(model));
    expect(model).toMatchObject(stored);
    const used = new Set(Object.keys(held(model)).map((key) => key.split(" ")[2]));
    expect([...used].filter((sessionId) => !usage.kept.has(sessionId ?? ""))).toEqual([]);
    expect((await usage.rollUps.all()).map(({ month }) => month)).toEqual(["2028-02"]);
  },
  120_000,
);

describe("a roll-up", () => {
  const platform = simulatePlatform(3, { sessions: 25, resources: 4, hours: 7 });

  async function brought(around?: FakeUsageOptions["around"]) {
    const played = play(platform, around === undefined ? {} : { around });
    await played.playUntil(BEGIN + 9 * HOUR);
    return { ...played, model: modelNow(platform, played.counted(), played.clock.nowMs) };
  }

  test.each([
    ["before the call has its effect", false],
    ["after it, with the answer lost", true],
  ])(
    "U04 that is killed at any step, %s, leaves nothing that the next one does not put right",
    async (_when, isDone) => {
      for (let step = 1; ; step += 1) {
        let calls = Number.NEGATIVE_INFINITY;
        const { clock, usage, model } = await brought(async (_name, call) => {
          calls += 1;
          if (calls > step || (calls === step && !isDone)) throw new Error("killed");
          const result = call();
          if (calls === step) throw new Error("killed");
          return result;
        });
        calls = 0;
        await rollUpNow(usage, clock).catch(() => undefined);
        const isThrough = calls < step;
        calls = Number.NEGATIVE_INFINITY;
        expect(await readNow(usage, clock)).toEqual(model);
        expect(await rollUpNow(usage, clock)).toEqual([]);
        expect(await readNow(usage, clock)).toEqual(model);
        if (isThrough) break;
      }
    },
    120_000,
  );

  test("U04 that is run ten times at once stores what one stores", async () => {
    const one = await brought();
    await rollUpNow(one.usage, one.clock);
    const ten = await brought(scrambled());
    const failures = await Promise.all(Array.from({ length: 10 }, () => rollUpNow(ten.usage, ten.clock)));
    expect(failures.flat()).toEqual([]);
    const stored = usageOf(ten.usage.storedRows(TENANT));
    expect(stored).toEqual(usageOf(one.usage.storedRows(TENANT)));
    expect(ten.model).toMatchObject(stored);
  });

  test("U04 that is run again writes nothing", async () => {
    const writes: string[] = [];
    const { clock, usage } = await brought(async (name, call) => {
      if (name === "commit" || name === "noteLate") writes.push(name);
      return call();
    });
    await rollUpNow(usage, clock);
    expect(writes).toContain("commit");
    writes.length = 0;
    await rollUpNow(usage, clock);
    expect(writes).toEqual([]);
  });
});
