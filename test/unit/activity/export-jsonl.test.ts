import { isInRange, sealsOnPage } from "../../../lib/activity/export-jsonl.ts";
import { exportedLines, record, recordId, sealedIntervals } from "./sealing.ts";

const intervals = sealedIntervals(
  Array.from({ length: 30 }, (_, n) => record(n)),
  [0, 12, 30],
);
const idsOf = (page: Parameters<typeof sealsOnPage>[1]) =>
  sealsOnPage(intervals, page).map(({ seal }) => seal.id);

test("every line is a record as the API shows it, and the last of a page bears its statement beside", () => {
  const lines = exportedLines().map((line) => JSON.parse(line));
  expect(lines.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, n) => recordId(n)));
  const bearers = lines.flatMap(({ integrity }, n) => (integrity === undefined ? [] : [n]));
  expect(bearers).toEqual([14, 29, 39]);
  const { integrity, ...last } = lines[39];
  expect(last).toEqual(record(39));
  expect(integrity.statement).toMatchObject({
    page: 3,
    last: true,
    from: "2026-10-01T00:00:00.000Z",
    to: "2026-10-01T00:00:40.000Z",
    treeSize: 10,
    previousRecordId: recordId(29),
    kid: "seal-1",
  });
});

test("each seal is brought by the one page that has its first record in the range", () => {
  const range = {};
  expect(idsOf({ range, throughId: recordId(11) })).toEqual(["sel_0"]);
  expect(idsOf({ range, throughId: recordId(12) })).toEqual(["sel_0", "sel_1"]);
  expect(idsOf({ range, afterId: recordId(11) })).toEqual(["sel_1"]);
  expect(idsOf({ range, afterId: recordId(12) })).toEqual([]);
});

test("a seal that only touches the range comes with the first record inside", () => {
  const range = { fromMs: Date.parse("2026-10-01T00:00:05Z"), toMs: Date.parse("2026-10-01T00:00:12Z") };
  expect(idsOf({ range })).toEqual(["sel_0"]);
  expect(idsOf({ range, throughId: recordId(4) })).toEqual([]);
  expect(idsOf({ range, throughId: recordId(5) })).toEqual(["sel_0"]);
});

test("ranges are half open, to the millisecond", () => {
  const timeMs = Date.parse("2026-10-01T00:00:07Z");
  expect(isInRange(recordId(7), { fromMs: timeMs, toMs: timeMs + 1 })).toBe(true);
  expect(isInRange(recordId(7), { fromMs: timeMs + 1 })).toBe(false);
  expect(isInRange(recordId(7), { toMs: timeMs })).toBe(false);
});
