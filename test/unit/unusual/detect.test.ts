import { defaultSettings, detect, detectInBatch, windowKeys } from "../../../lib/unusual/detect.ts";
import { RULE_NAMES } from "../../../lib/unusual/rule.ts";
import { RULES } from "../../../lib/unusual/rules.ts";
import type { Window } from "../../../lib/unusual/window.ts";
import { at, findingsIn, record } from "./shown.ts";

const settings = defaultSettings();
const refusals = (count: number, given: object = {}) =>
  Array.from({ length: count }, (_, n) =>
    record({ action: "volume:delete", outcome: "denied", timeMs: at("10:00:00") + n * 1000, ...given }),
  );

test("every name of the contract has one rule, which is on, and says which technique it shows", () => {
  expect(RULES.map(({ name }) => name)).toEqual(RULE_NAMES);
  expect(Object.keys(settings)).toEqual([...RULE_NAMES]);
  for (const { mitre } of RULES) expect(mitre.join()).toMatch(/^T\d{4}(\.\d{3})?(,T\d{4}(\.\d{3})?)*$/);
  expect(settings["access.denied_burst"]).toEqual({
    enabled: true,
    response: "alert",
    thresholds: { refusals: 5, windowSeconds: 300 },
  });
});

test("a rule that is off sees nothing", () => {
  const off = { ...settings, "access.denied_burst": { ...settings["access.denied_burst"], enabled: false } };
  expect(findingsIn(refusals(9), { settings: off })).toEqual([]);
});

test("thresholds and responses are the tenant's; those not set are the rule's", () => {
  const own = {
    ...settings,
    "access.denied_burst": {
      enabled: true,
      response: "revoke_session" as const,
      thresholds: { refusals: 2 },
    },
  };
  expect(findingsIn(refusals(2), { settings: own })).toMatchObject([{ response: "revoke_session" }]);
  expect(findingsIn(refusals(1), { settings: own })).toEqual([]);
});

test("tenants have nothing in common", () => {
  const records = [...refusals(4), ...refusals(4, { tenantId: "ten_2" })];
  expect(findingsIn(records)).toEqual([]);
});

test("windows are JSON, and all that a record needs are named beforehand", () => {
  let stored = new Map<string, string>();
  let found = 0;
  for (const one of refusals(5)) {
    const loaded = new Map<string, Window>();
    for (const key of windowKeys(one, { settings })) {
      const row = stored.get(key);
      if (row !== undefined) loaded.set(key, JSON.parse(row));
    }
    const { changed, findings } = detect(loaded, one, { settings });
    stored = new Map([
      ...stored,
      ...[...changed].map(([key, window]) => [key, JSON.stringify(window)] as const),
    ]);
    found += findings.length;
  }
  expect(found).toBe(1);
});

test("a record that comes twice counts once", () => {
  const four = refusals(4);
  expect(findingsIn([...four, ...four])).toEqual([]);
});

test("the order in which records come makes no difference to what is found", () => {
  const five = refusals(5);
  const late = detectInBatch(new Map(), five.slice(1), { settings });
  const windows = new Map(late.changed);
  const [first] = five;
  if (first === undefined) throw new Error("no record");
  const { findings } = detect(windows, first, { settings });
  expect(findings).toMatchObject([{ rule: "access.denied_burst" }]);
  expect(new Set(findings[0]?.evidence)).toEqual(new Set(five.map(({ id }) => id)));
});

test("a window stays small however much is seen, and says when it may be forgotten", () => {
  const { changed } = detectInBatch(new Map(), refusals(2000), { settings });
  const sizes = [...changed.values()].map((window) => JSON.stringify(window).length);
  expect(Math.max(...sizes)).toBeLessThan(50_000);
  const key = "ten_1#access.denied_burst#usr_ann";
  expect(changed.get(key)?.observations).toHaveLength(150);
  expect(changed.get(key)?.expiresAtMs).toBe(at("10:00:00") + 1999 * 1000 + 600_000);
});

test("a busy machine still looks at 2,000 records a second in one process", () => {
  const records = Array.from({ length: 4000 }, (_, n) =>
    record({
      action: `noun${n % 7}:update`,
      timeMs: at("10:00:00") + n,
      actor: { type: "user", id: `usr_${n % 50}`, name: "x" },
    }),
  );
  // Time of the processor: what another process takes of the clock is not ours.
  const before = process.cpuUsage();
  detectInBatch(new Map(), records, { settings });
  const { user, system } = process.cpuUsage(before);
  const recordsPerSecond = 4000 / ((user + system) / 1_000_000);
  expect(recordsPerSecond).toBeGreaterThan(2000);
});
