import { systemNow } from "../../lib/aws/clock.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { type ResourcePorts, resourcePorts } from "../../lib/aws/resource-ports.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";
import { everyTenantId } from "../../lib/identity/every-tenant.ts";
import { reconcileResources } from "../../lib/resource/reconcile-resources.ts";

/** Every minute, brings all resources in line with what their providers have: nothing stays in between for good. */
export const createHandler = (deps: ScheduleDeps & ResourcePorts) =>
  scheduleHandler({ name: "reconcileResources", every: "minute", run: () => reconcileAll(deps) }, deps);

async function reconcileAll(deps: ScheduleDeps & ResourcePorts): Promise<void> {
  const onError = (eventId: string, cause: unknown) =>
    deps.log.failed({ consumer: "reconcileResources", eventId }, cause);
  for await (const tenantId of everyTenantId(deps.tenants)) {
    try {
      await reconcileResources({ ...deps, onError }, tenantId);
    } catch (cause) {
      // One tenant's provider that does not answer keeps no other tenant waiting.
      onError(tenantId, cause);
    }
  }
}

export const handler = createHandler({
  ...resourcePorts(),
  leases: leaseTable(),
  now: systemNow,
  log: eventLog,
});
