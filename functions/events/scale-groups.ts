import { systemNow } from "../../lib/aws/clock.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { type ResourcePorts, resourcePorts } from "../../lib/aws/resource-ports.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";
import { everyTenantId } from "../../lib/identity/every-tenant.ts";
import { scaleGroup } from "../../lib/resource/scale-group.ts";

const PAGE = 100;

/** Every minute, takes the steps that scaling policies ask for. New samples make them step at once as well. */
export const createHandler = (deps: ScheduleDeps & ResourcePorts) =>
  scheduleHandler({ name: "scaleGroups", every: "minute", run: () => scaleAll(deps) }, deps);

async function scaleAll(deps: ScheduleDeps & ResourcePorts): Promise<void> {
  for await (const tenantId of everyTenantId(deps.tenants)) {
    let afterId: string | undefined;
    do {
      const page = await deps.resources.list({
        ...{ tenantId, type: "instance_group", limit: PAGE },
        ...(afterId === undefined ? {} : { afterId }),
      });
      for (const group of page.resources) await scaleOne(deps, group);
      afterId = page.nextAfterId;
    } while (afterId !== undefined);
  }
}

/** One group that cannot be scaled keeps no other waiting. */
async function scaleOne(
  deps: ScheduleDeps & ResourcePorts,
  group: Parameters<typeof scaleGroup>[1],
): Promise<void> {
  try {
    await scaleGroup(deps, group);
  } catch (cause) {
    deps.log.failed({ consumer: "scaleGroups", eventId: group.resourceId }, cause);
  }
}

export const handler = createHandler({
  ...resourcePorts(),
  leases: leaseTable(),
  now: systemNow,
  log: eventLog,
});
