import type { ActivityQuery, ActivityRecord } from "../../../lib/activity/activity.ts";
import { type ExportFormat, exportActivity } from "../../../lib/activity/export-activity.ts";
import { leafHash, toHex } from "../../../lib/activity/merkle.ts";
import { makeSeal, type Seal } from "../../../lib/activity/seal.ts";
import type { StoredSeal } from "../../../lib/activity/seal-store.ts";
import { verifyExport } from "../../../lib/activity/verify-export.ts";
import { activityDocument } from "../../../lib/http/activity-document.ts";
import { checkDeps, recordId, sealDeps, sealingJwk, sha256 } from "./sealing.ts";

const START = Date.UTC(2026, 9, 1);

/** The n-th record, at the n-th second. */
function recordAt(n: number, attributes: Readonly<Record<string, unknown>> = {}): ActivityRecord {
  const timeMs = START + n * 1000;
  return {
    id: recordId(n),
    tenantId: "ten_1",
    timeMs,
    receivedAtMs: timeMs,
    actor: { type: "user", id: "usr_1", name: "ann@example.com" },
    action: "volume:create",
    resource: { type: "volume", id: `res_${n}` },
    outcome: "success",
    durationMs: 12,
    ip: "203.0.113.7",
    userAgent: "Firefox",
    requestId: `req_${n}`,
    source: "api",
    attributes,
  };
}

/** Seals over the records of `[bounds[i], bounds[i+1])`, each chained to the one before. */
function sealsOver(records: readonly ActivityRecord[], bounds: readonly number[]) {
  let previous: Seal | undefined;
  return bounds.slice(1).map((to, index) => {
    const from = bounds[index] ?? 0;
    const inside = records.slice(from, to);
    const hashes = inside.map((record) => leafHash(sha256, activityDocument(record)));
    const [fromMs, toMs] = [START + from * 1000, START + to * 1000];
    previous = makeSeal(sealDeps, { id: `sel_${index}`, fromMs, toMs, leaves: hashes, previous });
    const stored: StoredSeal = {
      ...{ tenantId: "ten_1", seal: previous, jwk: sealingJwk, throughEntry: index, fromMs, toMs },
      ...{ earliestMs: fromMs, latestMs: toMs - 1000, keptUntilMs: toMs },
    };
    const leaves = inside.map((one, place) => [one.id, toHex(hashes[place] ?? new Uint8Array())] as const);
    return { stored, leaves };
  });
}

function depsFor(records: readonly ActivityRecord[], sealedUpTo: readonly number[] = []) {
  const seals = sealsOver(records, sealedUpTo);
  return {
    activity: {
      find: async ({ fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, afterId = "", limit }: ActivityQuery) => {
        const inRange = records.filter(({ id, timeMs }) => timeMs >= fromMs && timeMs < toMs && id > afterId);
        const page = inRange.slice(0, limit);
        const last = page.at(-1);
        return {
          records: page,
          ...(inRange.length > limit && last !== undefined ? { nextAfterId: last.id } : {}),
        };
      },
    },
    seals: {
      overlapping: async (_tenantId: string, { fromMs, toMs }: { fromMs: number; toMs: number }) =>
        seals.map(({ stored }) => stored).filter((one) => one.earliestMs < toMs && one.latestMs >= fromMs),
      leavesOf: async (one: StoredSeal) =>
        seals.find(({ stored }) => stored.seal.id === one.seal.id)?.leaves ?? [],
    },
    signer: async () => ({ ...sealDeps.signer, jwk: sealingJwk }),
    digest: sha256,
    show: activityDocument,
    now: () => START + 40_000,
  };
}

async function exportAll(
  deps: ReturnType<typeof depsFor>,
  request: { readonly format: ExportFormat; readonly fromMs?: number; readonly limit: number },
) {
  const pages: string[] = [];
  let position: Awaited<ReturnType<typeof exportActivity>>["next"];
  do {
    const page = await exportActivity(deps, { ...request, tenantId: "ten_1", ...(position && { position }) });
    pages.push(page.text);
    position = page.next;
  } while (position !== undefined);
  return { pages, text: pages.join("") };
}

const records = Array.from({ length: 40 }, (_, n) => recordAt(n));

describe("an export in pages", () => {
  test.each([1, 7, 15, 40, 100])(
    "of %d records each proves itself when they are put together",
    async (limit) => {
      const { text } = await exportAll(depsFor(records, [0, 12, 13, 30]), { format: "jsonl", limit });
      expect(verifyExport(checkDeps, text)).toEqual({
        ok: true,
        records: 40,
        pages: Math.ceil(40 / limit),
        seals: 3,
        unsealed: 10,
      });
    },
  );

  test("of a part brings the seals that reach into it", async () => {
    const request = { format: "jsonl", limit: 10, fromMs: START + 20_000 } as const;
    const { text } = await exportAll(depsFor(records, [0, 12, 30]), request);
    expect(verifyExport(checkDeps, text)).toMatchObject({ ok: true, records: 20, seals: 1, unsealed: 10 });
  });

  test("without one of its pages does not", async () => {
    const { pages } = await exportAll(depsFor(records, [0, 30]), { format: "jsonl", limit: 10 });
    expect(verifyExport(checkDeps, pages.toSpliced(1, 1).join(""))).toMatchObject({ ok: false });
    expect(verifyExport(checkDeps, pages.slice(0, -1).join(""))).toMatchObject({ ok: false });
  });

  test("ends with what was on record when it began", async () => {
    const growing = [...records];
    const deps = depsFor(growing);
    const first = await exportActivity(deps, { tenantId: "ten_1", format: "csv", limit: 30 });
    growing.push(recordAt(41));
    const rest = await exportActivity(
      { ...deps, now: () => START + 60_000 },
      { tenantId: "ten_1", format: "csv", limit: 30, ...(first.next && { position: first.next }) },
    );
    expect([first.records, rest.records, rest.next]).toEqual([30, 10, undefined]);
  });

  test("has its header on the first page alone, and as many lines as records", async () => {
    const { pages, text } = await exportAll(depsFor(records), { format: "csv", limit: 15 });
    expect(pages.map((page) => page.startsWith("id,time,"))).toEqual([true, false, false]);
    expect(text.trimEnd().split("\r\n")).toHaveLength(41);
  });

  test("has fewer records where they are large, and never none", async () => {
    const large = Array.from({ length: 5 }, (_, n) => recordAt(n, { note: "x".repeat(600_000) }));
    const { pages } = await exportAll(depsFor(large), { format: "ocsf", limit: 100 });
    expect(pages.map((page) => page.trimEnd().split("\n").length)).toEqual([2, 2, 1]);
  });

  test.each([
    ["jsonl", ""],
    ["ocsf", ""],
  ] as const)("of nothing is empty as %s", async (format, text) => {
    expect(await exportAll(depsFor([]), { format, limit: 10 })).toEqual({ pages: [text], text });
  });
});
