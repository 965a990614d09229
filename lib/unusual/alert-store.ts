import type { Trail } from "../activity/trail.ts";
import type { Alert } from "./alert.ts";

/** An alert with the version of its row, which is its `ETag`. */
export interface VersionedAlert {
  readonly alert: Alert;
  readonly version: number;
}

/** The alerts of one group that something more may be added to. */
export interface AlertGroup {
  readonly tenantId: string;
  readonly group: string;
  /** 0 while there is none. */
  readonly version: number;
  readonly alerts: readonly VersionedAlert[];
}

/** One page of alerts, newest first, with the id to go on from. */
export interface AlertPage {
  readonly alerts: readonly Alert[];
  readonly nextAfterId?: string;
}

/** Which alerts to list. */
export interface AlertListQuery {
  readonly tenantId: string;
  readonly status?: Alert["status"] | undefined;
  /** 1 to 200. */
  readonly limit: number;
  readonly afterId?: string | undefined;
}

/** The alerts of every tenant. */
export interface AlertStore {
  get(tenantId: string, alertId: string): Promise<VersionedAlert | undefined>;
  list(query: AlertListQuery): Promise<AlertPage>;
  ofGroup(tenantId: string, group: string): Promise<AlertGroup>;
  /**
   * Writes a group as it is to be: alerts that are new (version 0) with the records of their opening, and those that
   * something was added to. `false` when the group, or one of them, has moved since it was read.
   */
  saveGroup(
    group: AlertGroup,
    change: { readonly alerts: readonly VersionedAlert[]; readonly opened: readonly Trail[] },
  ): Promise<boolean>;
  /** Puts an alert into another status, with the request's record. */
  move(before: VersionedAlert, after: Alert, trail: Trail): Promise<"done" | "moved">;
}
