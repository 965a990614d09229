import { verifyExport } from "../../../lib/activity/verify-export.ts";
import type { Fault } from "../../../lib/activity/verify-read.ts";
import { fc } from "../../support/fast-check.ts";
import { checkDeps, exportedLines, record, recordId } from "./sealing.ts";

const LINES = exportedLines();
const IDS = Array.from({ length: 40 }, (_, n) => recordId(n));

const check = (lines: readonly string[]) => verifyExport(checkDeps, `${lines.join("\n")}\n`);
const faultOf = (lines: readonly string[]): Fault | undefined => {
  const verdict = check(lines);
  return verdict.ok ? undefined : verdict.fault;
};

test("an export that nobody touched is as it was recorded", () => {
  expect(check(LINES)).toEqual({ ok: true, records: 40, pages: 3, seals: 2, unsealed: 10 });
});

test("an export may have been through an editor that ends lines with CR LF", () => {
  expect(verifyExport(checkDeps, LINES.join("\r\n"))).toMatchObject({ ok: true });
});

const edit = (line: string, change: (member: Record<string, unknown>) => void): string => {
  const parsed = JSON.parse(line);
  change(parsed);
  return JSON.stringify(parsed);
};

interface Manipulated {
  readonly lines: readonly string[];
  readonly kind: Fault["kind"];
  readonly named: readonly (string | undefined)[];
}

/** What can be done to the line at `at`, with another place where one is needed, and what must be said of it. */
const MANIPULATIONS: Readonly<Record<string, (at: number, to: number) => Manipulated>> = {
  change: (at, to) => {
    const member = ["action", "time", "outcome", "ip", "actor", "id", "extra"][to % 7] ?? "";
    const line = edit(LINES[at] ?? "", (one) => Object.assign(one, { [member]: "act_other" }));
    return { lines: LINES.with(at, line), kind: "changed", named: [IDS[at]] };
  },
  remove: (at) => {
    const lines = LINES.toSpliced(at, 1);
    return at === 39
      ? { lines, kind: "cut", named: [IDS[38]] }
      : { lines, kind: "removed", named: [IDS[at]] };
  },
  forge: (at, to) => {
    const forged = JSON.stringify({ ...record(to), id: "act_forged" });
    return { lines: LINES.toSpliced(at + 1, 0, forged), kind: "added", named: ["act_forged"] };
  },
  repeat: (at, to) => {
    const lines = LINES.toSpliced(at, 0, JSON.stringify(record(to)));
    return { lines, kind: "added", named: [IDS[to]] };
  },
  swap: (at, to) => {
    const other = to === at ? (at + 1) % 40 : to;
    const lines = LINES.with(at, LINES[other] ?? "").with(other, LINES[at] ?? "");
    return { lines, kind: "moved", named: [IDS[at], IDS[other]] };
  },
  move: (at, to) => {
    const target = to === at ? (at + 2) % 40 : to;
    const lines = LINES.toSpliced(at, 1).toSpliced(target, 0, LINES[at] ?? "");
    // Of two neighbours that changed places, either may be the one that moved.
    return { lines, kind: "moved", named: [IDS[at], ...(Math.abs(at - target) === 1 ? [IDS[target]] : [])] };
  },
  cut: (at) => {
    const kept = Math.max(1, at);
    return { lines: LINES.slice(0, kept), kind: "cut", named: [IDS[kept - 1]] };
  },
};

test("G01 1,000 random manipulations are all found, and the record is named", () => {
  const place = fc.nat({ max: 39 });
  const manipulation = fc.tuple(fc.constantFrom(...Object.keys(MANIPULATIONS)), place, place);
  fc.assert(
    fc.property(manipulation, ([name, at, to]) => {
      const manipulated = MANIPULATIONS[name]?.(at, to);
      const fault = faultOf(manipulated?.lines ?? []);
      expect(fault?.kind).toBe(manipulated?.kind);
      expect(manipulated?.named).toContain(fault?.recordId);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["the size", (s: Record<string, unknown>) => Object.assign(s, { treeSize: 14 })],
  ["the range", (s: Record<string, unknown>) => Object.assign(s, { from: null })],
  ["the end", (s: Record<string, unknown>) => Object.assign(s, { sealHashes: [] })],
])("a statement whose %s was changed is not signed", (_what, change) => {
  const lines = LINES.map((line, at) =>
    at === 14 ? edit(line, (one) => change(Object(one["integrity"]).statement)) : line,
  );
  expect(faultOf(lines)).toMatchObject({ recordId: IDS[14] });
});

test("G01 a changed record is found although its leaf and its page's root were made anew", () => {
  const records = Array.from({ length: 40 }, (_, n) => record(n));
  const forged = records.map((one, n) => (n === 5 ? { ...one, outcome: "denied" } : one));
  const lines = exportedLines(forged).map((line, at) =>
    at === 14
      ? edit(line, (one) => {
          Object(one["integrity"]).statement.signature = JSON.parse(
            LINES[14] ?? "",
          ).integrity.statement.signature;
        })
      : line,
  );
  expect(faultOf(lines)).toMatchObject({ kind: "signature", recordId: IDS[14] });
});

test("G01 a record that was changed in the database after it was sealed is named", () => {
  const records = Array.from({ length: 40 }, (_, n) => record(n));
  const tampered = records.map((one, n) => (n === 17 ? { ...one, outcome: "denied" } : one));
  expect(faultOf(exportedLines(tampered))).toEqual({
    kind: "changed",
    recordId: IDS[17],
    message: `Record ${IDS[17]} is not as sel_1 sealed it.`,
  });
});

test("G01 a record that was deleted from the database after it was sealed is named", () => {
  const records = Array.from({ length: 40 }, (_, n) => record(n)).filter((_, n) => n !== 11);
  expect(faultOf(exportedLines(records))).toMatchObject({ kind: "removed", recordId: IDS[11] });
});

test("G01 a record that was deleted is named although it was the first under its seal", () => {
  const records = Array.from({ length: 40 }, (_, n) => record(n)).filter((_, n) => n !== 12);
  expect(faultOf(exportedLines(records))).toMatchObject({ kind: "removed", recordId: IDS[12] });
});

test("a page of another export does not fit in", () => {
  const other = exportedLines(
    Array.from({ length: 40 }, (_, n) => ({ ...record(n), outcome: n < 15 ? "denied" : "success" })),
  );
  expect(faultOf([...other.slice(0, 15), ...LINES.slice(15)])).toMatchObject({ kind: "changed" });
});

test("two values of one member are not what was exported, whichever a reader would take", () => {
  const lines = LINES.map((line, at) =>
    at === 3 ? line.replace('"outcome":', '"outcome":"denied","outcome":') : line,
  );
  expect(faultOf(lines)).toMatchObject({ kind: "changed", recordId: IDS[3] });
});

test.each([
  ["nothing", [""], "There is no record in it."],
  ["no JSON", ["{"], "Line 1 is not a record."],
  ["a list", ["[]"], "Line 1 is not a record."],
  [
    "a broken record",
    [...LINES.slice(0, 2), (LINES[2] ?? "").slice(0, -1)],
    `Line 3 (record ${IDS[2]}) is not a record.`,
  ],
])("%s is no export", (_what, lines, message) => {
  expect(faultOf(lines)).toMatchObject({ kind: "malformed", message });
});

test("an unknown key signs nothing", () => {
  const verdict = verifyExport({ ...checkDeps, checkSignature: () => false }, LINES.join("\n"));
  expect(verdict).toMatchObject({ ok: false, fault: { kind: "signature", recordId: IDS[14] } });
});

test("a key that has retired since is spoken for by the page that brings its seal", () => {
  const isKnown = { ...checkDeps, checkSealSignature: () => true };
  expect(verifyExport(isKnown, LINES.join("\n"))).toMatchObject({ ok: true });
  const unknown = { ...checkDeps, checkSealSignature: () => false };
  expect(verifyExport(unknown, LINES.join("\n"))).toMatchObject({ ok: false, fault: { kind: "signature" } });
});
