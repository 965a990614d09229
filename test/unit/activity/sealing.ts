import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import { sealsOnPage, writeJsonLines } from "../../../lib/activity/export-jsonl.ts";
import { leafHash, toHex } from "../../../lib/activity/merkle.ts";
import { makeSeal, type SealDeps } from "../../../lib/activity/seal.ts";
import type { CheckExportDeps } from "../../../lib/activity/verify-export.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

export const sealDeps: SealDeps = {
  sha256,
  signer: {
    kid: "seal-1",
    sign: (bytes) => sign("sha256", bytes, { key: privateKey, dsaEncoding: "ieee-p1363" }),
  },
};

const checkSignature: CheckExportDeps["checkSignature"] = (kid, bytes, signature) =>
  kid === "seal-1" && verify("sha256", bytes, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);

export const checkDeps: CheckExportDeps = { sha256, checkSignature, checkSealSignature: checkSignature };

export const sealingJwk = { ...publicKey.export({ format: "jwk" }), kid: "seal-1" };

/** The id of the n-th record: one a second from 2026-10-01T00:00:00Z on. */
export function recordId(n: number): string {
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  let timeMs = Date.parse("2026-10-01T00:00:00Z") + n * 1000;
  let time = "";
  for (let place = 0; place < 10; place += 1) {
    time = digits[timeMs % 32] + time;
    timeMs = Math.floor(timeMs / 32);
  }
  return `act_${time}${String(n).padStart(16, "0")}`;
}

export function record(n: number) {
  return {
    id: recordId(n),
    tenantId: "ten_1",
    time: new Date(Date.parse("2026-10-01T00:00:00Z") + n * 1000).toISOString(),
    actor: { type: "user", id: "usr_1", name: "ann@example.com" },
    action: "volume:create",
    resource: { type: "volume", id: `res_${n}` },
    outcome: "success",
    durationMs: 12.5,
    ip: "203.0.113.7",
    userAgent: "Firefox",
    requestId: `req_${n}`,
    source: "api",
  };
}

export type TestRecord = ReturnType<typeof record>;

const at = (second: number) => Date.parse("2026-10-01T00:00:00Z") + second * 1000;

/** Seals the records of these seconds, one interval after the other. */
export function sealedIntervals(records: readonly TestRecord[], bounds: readonly number[]) {
  let previous: ReturnType<typeof makeSeal> | undefined;
  return bounds.slice(1).map((to, index) => {
    const from = bounds[index] ?? 0;
    const inside = records.slice(from, to);
    const hashes = inside.map((one) => leafHash(sha256, one));
    const id = `sel_${index}`;
    const seal = makeSeal(sealDeps, { id, fromMs: at(from), toMs: at(to), leaves: hashes, previous });
    previous = seal;
    return {
      seal,
      leaves: inside.map((one, place) => [one.id, toHex(hashes[place] ?? new Uint8Array())] as const),
    };
  });
}

/** 40 records in pages of 15, of which the first 30 are sealed in two intervals, as one file's lines. */
export function exportedLines(records = Array.from({ length: 40 }, (_, n) => record(n))): readonly string[] {
  const intervals = sealedIntervals(
    Array.from({ length: 40 }, (_, n) => record(n)),
    [0, 12, 30],
  );
  const range = { fromMs: at(0), toMs: at(40) };
  let end: Parameters<typeof writeJsonLines>[1]["previous"];
  let text = "";
  for (let from = 0; from < records.length; from += 15) {
    const inside = records.slice(from, from + 15);
    const last = from + 15 >= records.length;
    const id = inside.at(-1)?.id;
    const page = writeJsonLines(sealDeps, {
      records: inside,
      range,
      previous: end,
      last,
      seals: sealsOnPage(intervals, {
        range,
        ...(end === undefined ? {} : { afterId: end.recordId }),
        ...(last || id === undefined ? {} : { throughId: id }),
      }),
      jwk: sealingJwk,
    });
    text += page.text;
    end = page.end;
  }
  return text.trimEnd().split("\n");
}
