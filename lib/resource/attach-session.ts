import { AppError } from "../errors.ts";
import { type Change, type ChangeDeps, changeResource } from "./change-resource.ts";
import { holds, withHolder } from "./holders.ts";
import type { Resource } from "./resource.ts";

/** The session that is to hold the resource, or to let it go. */
export interface SessionChange extends Omit<Change, "plan"> {
  readonly sessionId: string;
}

/**
 * Attaches a resource to a session, which is metered for it unless another one was attached before. Once attached,
 * nothing changes.
 * @throws AppError as `changeResource`
 */
export async function attachSession(deps: ChangeDeps, input: SessionChange): Promise<Resource> {
  return await changeResource(deps, {
    ...input,
    plan: (resource) => {
      if (resource.state === "deleted") throw new AppError("conflict", "The resource is deleted.");
      if (holds(resource, input.sessionId)) return { is: "nothing" };
      return { is: "bookkeeping", after: withHolder(resource, input.sessionId, deps.now()) };
    },
  });
}
