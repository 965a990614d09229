import type { EpochMs } from "../time.ts";

/** Who did it. `onBehalfOf` is the user whom a support agent looks at. */
export interface Actor {
  readonly type: "user" | "key" | "service" | "external";
  readonly id: string;
  readonly name: string;
  readonly onBehalfOf?: string;
}

/** What it was done to. */
export interface ResourceRef {
  readonly type: string;
  readonly id: string;
}

/** One changed member: a JSON pointer and its value before and after. Secrets are never among them. */
export interface Change {
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** How an action came out. */
export type Outcome = "success" | "denied" | "error";

/** One action on record (contract section 5). Records are only ever added. */
export interface ActivityRecord {
  /** `act_…`, which sorts by `timeMs`. */
  readonly id: string;
  readonly tenantId: string;
  /** When it happened; for ingested records the time that they bring. */
  readonly timeMs: EpochMs;
  /** When it came here. Retention counts from this. */
  readonly receivedAtMs: EpochMs;
  readonly sessionId?: string;
  readonly actor: Actor;
  readonly action: string;
  readonly resource?: ResourceRef;
  readonly outcome: Outcome;
  readonly errorCode?: string;
  readonly durationMs: number;
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly taskId?: string;
  readonly traceparent?: string;
  readonly workflow?: { readonly provider: string; readonly runId: string; readonly ref?: string };
  readonly changes?: readonly Change[];
  readonly source: "api" | "ingest" | "system";
  /** For ingested records: the sender's own name of itself and of the record, which together count once. */
  readonly origin?: { readonly source: string; readonly id: string };
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** What a reader of the log asks for. Bounds are half open: `fromMs <= time < toMs`. */
export interface ActivityQuery {
  readonly tenantId: string;
  readonly fromMs?: EpochMs;
  readonly toMs?: EpochMs;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly action?: string;
  /** `type/id`. */
  readonly resource?: string;
  readonly outcome?: Outcome;
  readonly taskId?: string;
  readonly workflowRunId?: string;
  readonly source?: ActivityRecord["source"];
  readonly order: "newest_first" | "oldest_first";
  /** 1 to 200. */
  readonly limit: number;
  /** The id that the page before ended on. */
  readonly afterId?: string;
  /** The last id to be shown when reading from the oldest on: what is recorded meanwhile does not make the list longer. */
  readonly throughId?: string;
}

/**
 * One page of the log, with the id to go on from when there may be more. A page can hold fewer than its limit, or
 * nothing, and still not be the last: a filter that few records pass is not read to its end in one go.
 */
export interface ActivityPage {
  readonly records: readonly ActivityRecord[];
  readonly nextAfterId?: string;
}

/** Adds one record that belongs to no other write. Repeating it with the same id changes nothing. */
export interface ActivityLog {
  append(record: ActivityRecord, retentionDays: number): Promise<void>;
}

/** Reads the log of one tenant. */
export interface ActivityReader {
  find(query: ActivityQuery): Promise<ActivityPage>;
  get(tenantId: string, id: string): Promise<ActivityRecord | undefined>;
}
