import type { SessionChange } from "./attach-session.ts";
import { type ChangeDeps, changeResource } from "./change-resource.ts";
import { holds, withoutHolder } from "./holders.ts";
import type { Resource } from "./resource.ts";

/**
 * Lets a session go of a resource: from now on the next session that holds it is metered for it, or nobody.
 * @throws AppError as `changeResource`
 */
export async function detachSession(deps: ChangeDeps, input: SessionChange): Promise<Resource> {
  return await changeResource(deps, {
    ...input,
    plan: (resource) =>
      holds(resource, input.sessionId)
        ? { is: "bookkeeping", after: withoutHolder(resource, input.sessionId) }
        : { is: "nothing" },
  });
}
