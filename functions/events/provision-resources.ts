import { eventLog } from "../../lib/aws/event-log.ts";
import { type ResourceEvent, resourceEvent } from "../../lib/aws/resource-events.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { assertNever } from "../../lib/errors.ts";
import { type StreamDeps, streamHandler } from "../../lib/events/batch.ts";
import { caughtUp } from "../../lib/resource/advance-resource.ts";
import { type ReleaseSessionDeps, releaseSession } from "../../lib/resource/release-session.ts";

/**
 * Follows the sessions table: has providers make what was asked for, and lets ended sessions go of what they held.
 * Whatever it misses, `reconcileResources` catches up with.
 */
export const createHandler = (deps: StreamDeps & ReleaseSessionDeps) =>
  streamHandler(
    { name: "provisionResources", read: resourceEvent, handle: (event) => follow(deps, event) },
    deps,
  );

async function follow(deps: ReleaseSessionDeps, event: ResourceEvent): Promise<void> {
  switch (event.is) {
    case "begun": {
      const resource = await deps.resources.get(event.tenantId, event.resourceId);
      if (resource !== undefined) await caughtUp(deps, resource);
      return;
    }
    case "session_ended":
      for (const ended of await deps.liveness.endedOf(event.tenantId, [event.sessionId])) {
        await releaseSession(deps, ended);
      }
      return;
    default:
      assertNever(event);
  }
}

export const handler = createHandler({ ...resourcePorts(), log: eventLog });
