/** Row 10: records a second written canonically, hashed into the tree and proven, beside plain SHA-256. */
import { canonicalBytes, leafOfBytes, merkleTree } from "../../../lib/activity/merkle.ts";
import { sha256Bytes } from "../../../lib/aws/digest.ts";
import { inThisProcess, interleaved } from "../interleave.ts";
import { realRecords } from "../real-records.ts";
import { type Row, rounded, shown } from "../row.ts";

const PEER = "plain SHA-256 of the same bytes";

export async function measure(): Promise<readonly Row[]> {
  const records = realRecords();
  const bytes = records.map((record) => canonicalBytes(record));
  const tookNs = await interleaved([
    inThisProcess("hashed", (times) => repeat(times, () => sealed(bytes))),
    inThisProcess("written", (times) => repeat(times, () => sealed(records.map(canonicalBytes)))),
    inThisProcess(PEER, (times) => repeat(times, () => bytes.forEach(sha256Bytes))),
  ]);
  const perSecond = (name: string) => (records.length * 1e9) / (tookNs.get(name) ?? Number.NaN);
  const ratio = perSecond("hashed") / perSecond(PEER);
  return [
    {
      name: "10. sealing, records a second: hashed into the tree and each proven",
      figure: `${shown(perSecond("hashed"))} (${shown(perSecond("written"))} written as RFC 8785 JSON first)`,
      peer: `${PEER}: ${shown(perSecond(PEER))}`,
      ratio: rounded(ratio),
      target: "≥ 0.5×",
      limit: "1×",
      reached: ratio >= 0.5,
    },
  ];
}

function repeat(times: number, work: () => unknown): void {
  for (let done = 0; done < times; done++) work();
}

function sealed(records: readonly Uint8Array[]): void {
  const leaves = records.map((bytes) => leafOfBytes(sha256Bytes, bytes));
  const { pathOf } = merkleTree(sha256Bytes, leaves);
  for (let index = 0; index < leaves.length; index++) pathOf(index);
}
