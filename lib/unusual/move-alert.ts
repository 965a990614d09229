import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Alert } from "./alert.ts";
import type { AlertStore, VersionedAlert } from "./alert-store.ts";

/** What moving an alert on needs. */
export interface MoveAlertDeps {
  readonly alerts: Pick<AlertStore, "move">;
}

/** An alert as it was found, and the version that the client has seen of it. */
export interface MoveAlert {
  readonly found: VersionedAlert;
  readonly expectedVersion: number | undefined;
}

/**
 * Says that somebody looks after an alert; more may still be added to it. Doing it again changes nothing.
 * @throws AppError `precondition.failed`, `conflict` for a closed alert, and where somebody else changed it meanwhile
 */
export async function acknowledgeAlert(
  deps: MoveAlertDeps,
  { found, expectedVersion }: MoveAlert,
  trail: Trail,
): Promise<VersionedAlert> {
  if (found.alert.status === "acknowledged" && expectedVersion === undefined) return found;
  return await move(
    deps,
    { found, expectedVersion, after: { ...found.alert, status: "acknowledged" } },
    trail,
  );
}

/**
 * Closes an alert with a word on it. What is seen from then on of the same thing opens a new one.
 * @throws AppError `precondition.failed`, `conflict` for a closed alert, and where somebody else changed it meanwhile
 */
export async function closeAlert(
  deps: MoveAlertDeps,
  { found, expectedVersion, note }: MoveAlert & { readonly note: string },
  trail: Trail,
): Promise<VersionedAlert> {
  return await move(
    deps,
    { found, expectedVersion, after: { ...found.alert, status: "closed", note } },
    trail,
  );
}

async function move(
  { alerts }: MoveAlertDeps,
  { found, expectedVersion, after }: MoveAlert & { readonly after: Alert },
  trail: Trail,
): Promise<VersionedAlert> {
  if (expectedVersion !== undefined && expectedVersion !== found.version) {
    throw new AppError("precondition.failed", "The alert has changed since you read it: read it again.");
  }
  if (found.alert.status === "closed") throw new AppError("conflict", "The alert is closed already.");
  if ((await alerts.move(found, after, trail)) === "moved") {
    throw new AppError("conflict", "The alert is changing at this moment: read it again.");
  }
  return { alert: after, version: found.version + 1 };
}
