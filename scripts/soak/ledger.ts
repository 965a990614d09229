/** A session whose beginning was answered. */
export interface KeptSession {
  readonly tenantId: string;
  readonly sessionId: string;
  /** `unknown` where its refresh was repeated so late that it counted as a stolen token's. */
  is: "active" | "ended" | "unknown";
  /** The state documents that were answered, by key. */
  readonly state: Map<string, number>;
}

/** A resource whose making was answered. */
export interface KeptResource {
  readonly tenantId: string;
  readonly id: string;
  desired: number;
  isDeleted: boolean;
}

/** What was answered with a success, and so has to be there whatever happens. */
export interface Ledger {
  readonly sessions: KeptSession[];
  readonly resources: KeptResource[];
  /** Usage events of 1 GiB, each sent until it was answered, some of them again after that; by tenant. */
  readonly usageEvents: Map<string, number>;
  /**
   * Answers that have a record in the log, each by the ids of its attempts: the record is of the one that had the effect,
   * which may be one whose answer was lost; by tenant.
   */
  readonly records: Map<string, (readonly string[])[]>;
}

/** Nothing was answered yet. */
export function emptyLedger(): Ledger {
  return { sessions: [], resources: [], usageEvents: new Map(), records: new Map() };
}
