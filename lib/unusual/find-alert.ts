import type { ResourceRef } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import type { AlertStore, VersionedAlert } from "./alert-store.ts";

/** What finding an alert needs. */
export interface FindAlertDeps {
  readonly alerts: Pick<AlertStore, "get">;
}

/** Who looks for it: the caller, and the means to ask whether they may. */
export interface AlertSeeker {
  readonly caller: Pick<Caller, "tenantId">;
  readonly trail: Trail;
  mayI(asked: { readonly action: string; readonly resource: ResourceRef }): boolean;
  authorise(asked: { readonly resource: ResourceRef }): void;
}

/**
 * Finds an alert of the caller's tenant that they may act on.
 * @throws AppError `not_found` for a missing one, another tenant's, and one that the caller may not even see;
 * `access.denied` for one that they may see but not act on
 */
export async function findAlert(
  { alerts }: FindAlertDeps,
  { caller, trail, mayI, authorise }: AlertSeeker,
  alertId: string,
): Promise<VersionedAlert> {
  const resource = { type: "alert", id: alertId };
  trail.about(resource);
  const found = await alerts.get(caller.tenantId, alertId);
  if (found === undefined || !mayI({ action: "alert:read", resource })) throw notFound();
  authorise({ resource });
  return found;
}
