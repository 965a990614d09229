import type { EpochMs } from "../time.ts";
import type { CostAlertName, Severity } from "../unusual/rule.ts";

/** Something about a tenant's cost that somebody is to look at, once for each occasion. */
export interface CostAlert {
  readonly tenantId: string;
  readonly rule: CostAlertName;
  /** What it is raised once for, such as `2026-10 0.8`. */
  readonly occasion: string;
  readonly severity: Severity;
  readonly timeMs: EpochMs;
  readonly summary: string;
  /** The figures, for the record. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Raises alerts on cost. */
export interface CostAlerts {
  /** Raises it with its record, unless there has been one for the same occasion. */
  raiseOnce(alert: CostAlert): Promise<void>;
}
