import {
  type AccessContext,
  compileCondition,
  evaluate,
  unmetConditions,
} from "../../../lib/access/condition.ts";
import type { Condition } from "../../../lib/access/statement.ts";
import { parseRfc3339 } from "../../../lib/time.ts";

const NOON = parseRfc3339("2026-11-23T12:00:00.000Z", "");

const verdict = (condition: Condition, context: Partial<AccessContext>) =>
  evaluate(compileCondition(condition), { nowMs: NOON, ...context });

describe("each condition holds, does not hold, or cannot be told", () => {
  test.each<[Condition, Partial<AccessContext>, boolean | undefined]>([
    [{ mfaWithinSeconds: 300 }, { factorVerifiedAtMs: NOON - 300_000 }, true],
    [{ mfaWithinSeconds: 300 }, { factorVerifiedAtMs: NOON - 300_001 }, false],
    [{ mfaWithinSeconds: 300 }, { factorVerifiedAtMs: NOON + 20 }, true],
    [{ mfaWithinSeconds: 300 }, {}, undefined],
    [{ ipCidrs: ["192.0.2.0/24", "2001:db8::/32"] }, { ip: "2001:db8::7" }, true],
    [{ ipCidrs: ["192.0.2.0/24"] }, { ip: "::ffff:192.0.2.7" }, true],
    [{ ipCidrs: ["192.0.2.0/24"] }, { ip: "198.51.100.7" }, false],
    [{ ipCidrs: ["192.0.2.0/24"] }, { ip: "unknown" }, undefined],
    [{ ipCidrs: ["192.0.2.0/24"] }, {}, undefined],
    [{ ipCidrs: ["192.0.2.0/99"] }, { ip: "192.0.2.7" }, undefined],
    [{ sessionKinds: ["workflow", "support"] }, { sessionKind: "workflow" }, true],
    [{ sessionKinds: ["workflow"] }, { sessionKind: "interactive" }, false],
    [{ sessionKinds: ["workflow"] }, {}, undefined],
    [{ owner: true }, { callerId: "usr_1", ownerId: "usr_1" }, true],
    [{ owner: true }, { callerId: "usr_1", ownerId: "usr_2" }, false],
    [{ owner: true }, { callerId: "usr_1" }, undefined],
    [{ owner: true }, {}, undefined],
    [{ tags: { team: "core", stage: "dev-*" } }, { tags: { team: "core", stage: "dev-7", x: "y" } }, true],
    [{ tags: { team: "core", stage: "dev-*" } }, { tags: { team: "core" } }, false],
    [{ tags: { team: "core" } }, { tags: { team: "Core" } }, false],
    [{ tags: { team: "*" } }, { tags: { team: "" } }, true],
    [{ tags: { team: "*" } }, { tags: {} }, false],
    [{ tags: { toString: "*" } }, { tags: {} }, false],
    [{ tags: { team: "*" } }, {}, undefined],
    [{}, {}, true],
  ])("%j on %j: %s", (condition, context, expected) => {
    expect(verdict(condition, context)).toBe(expected);
  });

  test("one that does not hold settles it, even where another cannot be told", () => {
    const condition: Condition = { owner: true, sessionKinds: ["workflow"] };
    expect(verdict(condition, { sessionKind: "interactive" })).toBe(false);
    expect(verdict(condition, { sessionKind: "workflow" })).toBeUndefined();
    expect(verdict(condition, { sessionKind: "workflow", callerId: "a", ownerId: "a" })).toBe(true);
  });

  test("those in the way are named", () => {
    const condition: Condition = { mfaWithinSeconds: 60, owner: true, sessionKinds: ["interactive"] };
    expect(
      unmetConditions(compileCondition(condition), {
        nowMs: NOON,
        sessionKind: "interactive",
        callerId: "a",
      }),
    ).toEqual(["owner", "mfaWithinSeconds"]);
  });
});

describe("a daily window", () => {
  const holdsAt = (from: string, to: string, timeZone: string, at: string) =>
    verdict({ between: { from, to, timeZone } }, { nowMs: parseRfc3339(at, "") });

  test.each([
    ["09:00", "17:00", "UTC", "2026-11-23T08:59:59.999Z", false],
    ["09:00", "17:00", "UTC", "2026-11-23T09:00:00.000Z", true],
    ["09:00", "17:00", "UTC", "2026-11-23T16:59:59.999Z", true],
    ["09:00", "17:00", "UTC", "2026-11-23T17:00:00.000Z", false],
    ["22:00", "06:00", "UTC", "2026-11-23T21:59:59.999Z", false],
    ["22:00", "06:00", "UTC", "2026-11-23T22:00:00.000Z", true],
    ["22:00", "06:00", "UTC", "2026-11-24T00:00:00.000Z", true],
    ["22:00", "06:00", "UTC", "2026-11-24T05:59:59.999Z", true],
    ["22:00", "06:00", "UTC", "2026-11-24T06:00:00.000Z", false],
    ["18:00", "00:00", "UTC", "2026-11-23T23:59:59.999Z", true],
    ["18:00", "00:00", "UTC", "2026-11-24T00:00:00.000Z", false],
    ["00:00", "00:01", "UTC", "2026-11-24T00:00:59.999Z", true],
    ["09:00", "17:00", "Asia/Kathmandu", "2026-11-23T03:14:59.999Z", false],
    ["09:00", "17:00", "Asia/Kathmandu", "2026-11-23T03:15:00.000Z", true],
  ])("from %s to %s in %s at %s: %s", (from, to, timeZone, at, expected) => {
    expect(holdsAt(from, to, timeZone, at)).toBe(expected);
  });

  test.each([
    ["winter", "2026-01-15T08:00:00.000Z", true],
    ["winter", "2026-01-15T07:59:59.999Z", false],
    ["summer", "2026-07-15T07:00:00.000Z", true],
    ["summer", "2026-07-15T06:59:59.999Z", false],
  ])("follows the clock on the wall in %s: 09:00 in Berlin at %s: %s", (_, at, expected) => {
    expect(holdsAt("09:00", "17:00", "Europe/Berlin", at)).toBe(expected);
  });

  test("an hour that the clock goes through twice counts twice, one that it skips not at all", () => {
    expect(holdsAt("02:30", "02:31", "Europe/Berlin", "2026-10-25T00:30:00.000Z")).toBe(true);
    expect(holdsAt("02:30", "02:31", "Europe/Berlin", "2026-10-25T01:30:00.000Z")).toBe(true);
    expect(holdsAt("02:30", "02:31", "Europe/Berlin", "2026-03-29T00:30:00.000Z")).toBe(false);
    expect(holdsAt("02:30", "02:31", "Europe/Berlin", "2026-03-29T01:30:00.000Z")).toBe(false);
  });

  test("in a zone that is not known here cannot be told", () => {
    expect(holdsAt("00:00", "23:59", "Mars/Olympus", "2026-11-23T12:00:00.000Z")).toBeUndefined();
  });
});
