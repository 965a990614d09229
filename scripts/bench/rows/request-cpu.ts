/** Row 1: the CPU of an authorised request through the whole pipeline, the stores in memory. */
import { inItsOwn } from "../in-its-own.ts";
import { interleaved } from "../interleave.ts";
import { type Row, rounded } from "../row.ts";

const PEERS = [
  { peer: "better-auth get-session", module: "better-auth-get-session", atLeast: 30 },
  { peer: "express-session load and touch", module: "express-session-touch", atLeast: 2 },
];

export async function measure(): Promise<readonly Row[]> {
  const contenders = [
    inItsOwn("ours", "own-request"),
    inItsOwn("limit", "own-limit"),
    ...PEERS.map(({ peer, module }) => inItsOwn(peer, module)),
  ];
  const tookNs = await interleaved(contenders, { rounds: 11, roundMs: 300 });
  for (const { stop } of contenders) stop();
  const microseconds = (name: string) => rounded((tookNs.get(name) ?? Number.NaN) / 1000);
  return PEERS.map(({ peer, atLeast }) => {
    const ratio = microseconds(peer) / microseconds("ours");
    return {
      name: "1. CPU of an authorised request (middy, token, liveness, permission, its record; store in memory)",
      figure: `${microseconds("ours")} µs`,
      peer: `${peer}: ${microseconds(peer)} µs`,
      ratio: rounded(ratio),
      target: `≥ ${atLeast}×`,
      limit: `${microseconds("limit")} µs: token check and middy`,
      reached: ratio >= atLeast,
    };
  });
}
