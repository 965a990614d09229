import type { Lease, LeaseClaim, Leases } from "../../lib/events/schedule.ts";

interface Row {
  fencingToken: number;
  leaseUntilMs: number;
  isFinished: boolean;
}

/** Leases in memory; held to the same contract as those in the table (`test/contract/leases.test.ts`). */
export function fakeLeases(): Leases {
  const rows = new Map<string, Row>();
  const keyOf = ({ schedule, period }: Pick<Lease, "schedule" | "period">) => `${schedule}#${period}`;
  const settle = (lease: Lease, isFinished: boolean) => {
    const row = rows.get(keyOf(lease));
    if (row?.fencingToken !== lease.fencingToken) return;
    rows.set(keyOf(lease), { ...row, leaseUntilMs: 0, isFinished });
  };
  return {
    acquire: async (claim: LeaseClaim) => {
      const { schedule, period, nowMs, untilMs, again } = claim;
      const row = rows.get(keyOf(claim));
      if (row?.isFinished === true && !again) return "finished";
      if (row !== undefined && row.leaseUntilMs > nowMs) return "held";
      const fencingToken = (row?.fencingToken ?? 0) + 1;
      rows.set(keyOf(claim), { fencingToken, leaseUntilMs: untilMs, isFinished: false });
      return { schedule, period, fencingToken };
    },
    finish: async (lease) => settle(lease, true),
    release: async (lease) => settle(lease, false),
  };
}
