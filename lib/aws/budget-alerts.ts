import type { CostAlerts } from "../billing/cost-alert.ts";
import type { SystemTrails } from "../resource/system-trail.ts";
import type { AlertStore } from "../unusual/alert-store.ts";
import { newId } from "./ids.ts";

/** What raising alerts on cost needs. */
export interface BudgetAlertsDeps {
  readonly alerts: Pick<AlertStore, "ofGroup" | "saveGroup">;
  readonly systemTrails: SystemTrails;
}

/** Alerts on cost among all others of the tenant: an occasion is a group, and a group that has been opened stays so. */
export function budgetAlerts({ alerts, systemTrails }: BudgetAlertsDeps): CostAlerts {
  return {
    raiseOnce: async ({ tenantId, rule, occasion, severity, timeMs, summary, facts }) => {
      const group = await alerts.ofGroup(tenantId, `${rule} ${occasion}`);
      if (group.version > 0) return;
      const id = newId("alr", timeMs);
      const trail = await systemTrails.begin({
        tenantId,
        action: "alert:open",
        resource: { type: "alert", id },
      });
      trail.note({ rule, severity, summary, ...facts });
      const alert = {
        ...{ id, tenantId, rule, severity, timeMs, summary },
        lastTimeMs: timeMs,
        status: "open",
        evidence: [trail.record().id],
        mitre: [],
        group: group.group,
      } as const;
      // Where another run was there first, it has raised this very alert.
      await alerts.saveGroup(group, { alerts: [{ alert, version: 0 }], opened: [trail] });
    },
  };
}
