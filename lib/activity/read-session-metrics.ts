import { type LatencySummary, mergeHistograms, summaryOf } from "./latency-histogram.ts";
import { type Example, type Figures, figuresOf, type MetricStore, mergeFigures } from "./metrics.ts";
import { type PendingFactsDeps, pendingFacts } from "./pending-facts.ts";

/** What reading a session's metrics needs. */
export interface ReadSessionMetricsDeps extends PendingFactsDeps {
  readonly metrics: Pick<MetricStore, "ofSession">;
}

/** One action of a session, with the records to look at. */
export interface SessionAction extends LatencySummary {
  readonly action: string;
  readonly slowest: Example;
  readonly lastFailure?: Example;
}

/** A session's metrics; without a summary where nothing was done in it. */
export interface SessionMetrics {
  readonly summary?: LatencySummary;
  /** All actions: those that failed most first, then the slowest. */
  readonly actions: readonly SessionAction[];
}

/** Tells what was done in a session, how often, how fast and how it came out. */
export async function readSessionMetrics(
  deps: ReadSessionMetricsDeps,
  { tenantId, sessionId }: { readonly tenantId: string; readonly sessionId: string },
): Promise<SessionMetrics> {
  const pending = (await pendingFacts(deps, tenantId)).filter(({ line }) => line.sessionId === sessionId);
  const cells = await deps.metrics.ofSession(tenantId, sessionId);
  const through = new Map(cells.map(({ group, throughEntry }) => [group, throughEntry]));
  const byAction = new Map<string, Figures>(cells.map(({ group, figures }) => [group, figures]));
  for (const { entry, line } of pending) {
    const { action } = line;
    if (entry <= (through.get(action) ?? 0)) continue;
    byAction.set(action, mergeFigures(byAction.get(action), figuresOf(line)));
  }
  const [first, ...rest] = [...byAction.values()].map(({ histogram }) => histogram);
  const all = first && rest.reduce(mergeHistograms, first);
  return {
    ...(all === undefined ? {} : { summary: summaryOf(all) }),
    actions: [...byAction].map(actionOf).sort(byTrouble),
  };
}

function actionOf([action, { histogram, ...examples }]: readonly [string, Figures]): SessionAction {
  return { action, ...summaryOf(histogram), ...examples };
}

function byTrouble(a: SessionAction, b: SessionAction): number {
  const failures = (one: SessionAction): number => one.errors + one.denied;
  return failures(b) - failures(a) || b.p95Ms - a.p95Ms || (a.action < b.action ? -1 : 1);
}
