import { leafHash } from "../../../lib/activity/merkle.ts";
import { isProven, isSigned, proveRecord } from "../../../lib/activity/seal.ts";
import { checkDeps, record, sealedIntervals, sha256 } from "./sealing.ts";

const records = Array.from({ length: 7 }, (_, n) => record(n));
const [first, second] = sealedIntervals(records, [0, 4, 7]);
if (first === undefined || second === undefined) throw new Error("two intervals are needed");

test("a seal says its interval, its size, and the seal before", () => {
  expect(first.seal).toMatchObject({
    id: "sel_0",
    from: "2026-10-01T00:00:00.000Z",
    to: "2026-10-01T00:00:04.000Z",
    treeSize: 4,
    previousSealHash: null,
    kid: "seal-1",
  });
  expect(second.seal.previousSealHash).toMatch(/^[0-9a-f]{64}$/);
  expect(second.seal.signature).toMatch(/^[A-Za-z0-9_-]{86}$/);
});

test("each record of an interval is proven by its path and its seal alone", () => {
  const leaves = records.slice(0, 4).map((one) => leafHash(sha256, one));
  for (const [leafIndex, one] of records.slice(0, 4).entries()) {
    const proof = proveRecord(sha256, { seal: first.seal, leaves }, { record: one, leafIndex });
    expect(isProven(checkDeps, proof)).toBe(true);
    expect(isProven(checkDeps, { ...proof, record: { ...one, outcome: "denied" } })).toBe(false);
    expect(isProven(checkDeps, { ...proof, leafIndex: (leafIndex + 1) % 4 })).toBe(false);
    expect(isProven(checkDeps, { ...proof, seal: second.seal })).toBe(false);
  }
});

test.each(["id", "from", "to", "rootHash", "kid", "previousSealHash"])(
  "a seal whose %s was changed is not signed",
  (name) => {
    expect(isSigned(checkDeps, { ...first.seal, [name]: "x" })).toBe(false);
  },
);

test("a signature has one spelling", () => {
  const { signature } = first.seal;
  const last = signature.at(-1) ?? "";
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const neighbour = alphabet[alphabet.indexOf(last) + 1] ?? "A";
  expect(isSigned(checkDeps, first.seal)).toBe(true);
  for (const spelling of [signature.slice(0, -1) + neighbour, `${signature}=`, `${signature} `, ""]) {
    expect(isSigned(checkDeps, { ...first.seal, signature: spelling })).toBe(false);
  }
});
