import { startTrail } from "../activity/trail.ts";
import type { TenantStore } from "../identity/tenant-store.ts";
import type { SystemTrails } from "../resource/system-trail.ts";
import { SYSTEM_ACTOR } from "../session/end-session.ts";
import type { EpochMs } from "../time.ts";
import { newId } from "./ids.ts";

/** Trails of the platform's own work: under its own name, on behalf of the one it goes back to. */
export function systemTrails(tenants: Pick<TenantStore, "get">, now: () => EpochMs): SystemTrails {
  return {
    begin: async ({ tenantId, action, resource, by }) => {
      const tenant = await tenants.get(tenantId);
      const startedAtMs = now();
      const trail = startTrail(
        { now, newId },
        {
          requestId: by?.requestId ?? newId("req", startedAtMs),
          action,
          startedAtMs,
          ip: by?.ip ?? "",
          userAgent: by?.userAgent ?? "",
          source: "system",
        },
      );
      trail.about(resource);
      trail.by({
        tenantId,
        actor: { ...SYSTEM_ACTOR, ...(by?.userId === undefined ? {} : { onBehalfOf: by.userId }) },
        ...(by?.sessionId === undefined ? {} : { sessionId: by.sessionId }),
        retentionDays: tenant?.policy.activityRetentionDays ?? 0,
      });
      return trail;
    },
  };
}
