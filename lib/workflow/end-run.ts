import type { Trail } from "../activity/trail.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { FoundEnd } from "../session/end-session.ts";
import type { Session, SessionEnd } from "../session/session.ts";
import type { FoundRun } from "./find-run.ts";
import type { OpenRunDeps } from "./open-run.ts";
import type { WorkflowRunStore } from "./workflow-run.ts";

/** What ending a run needs. */
export interface EndRunDeps extends Pick<OpenRunDeps, "endOf" | "now"> {
  readonly runs: Pick<WorkflowRunStore, "close">;
  readonly endFound: (found: FoundEnd) => Promise<boolean>;
  readonly endNow: (session: Session, end: SessionEnd, trail: Trail) => Promise<boolean>;
}

/**
 * Ends all sessions of a run; answers how many were alive until then. Ended by anybody but itself the run stays ended:
 * its jobs get no more tokens. A job that ends its run leaves the jobs after it what they need.
 */
export async function endRun(
  deps: EndRunDeps,
  { run, tenant }: { readonly run: FoundRun; readonly tenant: Tenant },
  trail: Trail,
): Promise<number> {
  const { runId, sessions, isOwn } = run;
  if (!isOwn) await deps.runs.close({ tenantId: tenant.tenantId, runId }, trail);
  let ended = 0;
  for (const session of sessions) {
    if (session.end === undefined && (await endOne(deps, { session, tenant }, trail))) ended += 1;
  }
  return ended;
}

async function endOne(
  deps: EndRunDeps,
  { session, tenant: { policy } }: { readonly session: Session; readonly tenant: Tenant },
  trail: Trail,
): Promise<boolean> {
  const nowMs = deps.now();
  const over = deps.endOf(session, policy, nowMs);
  if (over === undefined) return await deps.endNow(session, { reason: "revoked", atMs: nowMs }, trail);
  await deps.endFound({ session, end: over, policy });
  return false;
}
