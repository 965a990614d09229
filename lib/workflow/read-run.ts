import type { ActivityReader, ActivityRecord } from "../activity/activity.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { Resource } from "../resource/resource.ts";
import type { Workflow } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import type { Attachment } from "../usage/usage.ts";
import type { FoundRun } from "./find-run.ts";
import type { OpenRunDeps } from "./open-run.ts";
import { costOfRun, type RunCost, type RunCostDeps } from "./run-cost.ts";

/** What reading a run needs. */
export interface ReadRunDeps extends RunCostDeps, Pick<OpenRunDeps, "endOf"> {
  readonly activity: Pick<ActivityReader, "find">;
  readonly attachments: {
    ofSession(tenantId: string, sessionId: string): Promise<readonly Pick<Attachment, "resourceId">[]>;
  };
  readonly resources: {
    getMany(tenantId: string, resourceIds: readonly string[]): Promise<readonly Resource[]>;
  };
}

/** All that is to be told of a run. */
export interface RunReport {
  /** As its latest session has it. */
  readonly workflow: Workflow;
  readonly startedAtMs: EpochMs;
  /** `undefined` while a session of it is alive. */
  readonly endedAtMs: EpochMs | undefined;
  /** The latest, newest first. */
  readonly actions: readonly ActivityRecord[];
  /** Every resource that a session of it has held. */
  readonly resources: readonly Resource[];
  readonly cost: readonly RunCost[];
}

/** As many actions as one looks at; the log has the rest. */
const ACTIONS_SHOWN = 100;

/** Tells what a run did, what it held and what it costs. */
export async function readRun(deps: ReadRunDeps, run: FoundRun, tenant: Tenant): Promise<RunReport> {
  const { tenantId, policy } = tenant;
  const { runId, sessions } = run;
  const nowMs = deps.now();
  const ends = sessions.map((session) => deps.endOf(session, policy, nowMs)?.atMs);
  const isActive = ends.includes(undefined);
  const lastAtMs = Math.max(...ends.map((atMs) => atMs ?? nowMs));
  const startedAtMs = Math.min(...sessions.map(({ createdAtMs }) => createdAtMs));
  const [{ records }, resources, cost] = await Promise.all([
    deps.activity.find({ tenantId, workflowRunId: runId, order: "newest_first", limit: ACTIONS_SHOWN }),
    heldBy(deps, tenantId, run),
    costOfRun(deps, {
      ...{ tenantId, startAtMs: startedAtMs, endAtMs: lastAtMs },
      sessionIds: new Set(sessions.map(({ sessionId }) => sessionId)),
    }),
  ]);
  return {
    workflow: sessions.at(-1)?.workflow ?? { provider: "", runId },
    ...{ startedAtMs, endedAtMs: isActive ? undefined : lastAtMs, actions: records, resources, cost },
  };
}

async function heldBy(
  deps: Pick<ReadRunDeps, "attachments" | "resources">,
  tenantId: string,
  { sessions }: FoundRun,
): Promise<readonly Resource[]> {
  const held = await Promise.all(
    sessions.map(({ sessionId }) => deps.attachments.ofSession(tenantId, sessionId)),
  );
  const ids = [...new Set(held.flat().map(({ resourceId }) => resourceId))].sort();
  return ids.length === 0 ? [] : await deps.resources.getMany(tenantId, ids);
}
