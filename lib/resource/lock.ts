import { AppError } from "../errors.ts";
import { toRfc3339 } from "../time.ts";
import type { Operation, Pending, Resource } from "./resource.ts";

/** What somebody is about to do: an operation, or a change of name, tags or policy that no provider hears of. */
export type Intent = Operation["kind"] | "describe";

/** Who wants to change a resource that an operation is under way on. */
export interface Contender {
  readonly intent: Intent;
  readonly sessionId: string | undefined;
  /** Whether the session that began the operation is still alive. */
  readonly isHolderAlive: boolean;
}

/**
 * An operation under way locks its resource. Its own session can still delete what it is making and describe it;
 * other sessions wait, unless the session that holds the lock is dead: then the lock is nobody's, and a later
 * operation takes the place of the earlier one. What is not there yet can only be deleted or described.
 * @throws AppError `conflict` with the `operation` that is under way
 */
export function checkLock(resource: Resource, contender: Contender): void {
  const { pending } = resource;
  if (pending === undefined) return;
  const { intent, sessionId, isHolderAlive } = contender;
  const isOwn = sessionId !== undefined && sessionId === pending.by.sessionId;
  if (isHolderAlive && !isOwn) throw lockedBy(pending);
  const isBeingMade = pending.operation.kind === "create";
  const mayGoOn = intent === "delete" || (intent === "describe" ? isBeingMade : !isOwn && !isBeingMade);
  if (!mayGoOn) throw lockedBy(pending);
}

function lockedBy({ operation, sinceMs, by }: Pending): AppError {
  return new AppError(
    "conflict",
    `Another operation is under way: ${operation.kind}. Try again once it is done.`,
    {
      members: {
        operation: operation.kind,
        since: toRfc3339(sinceMs),
        ...(by.sessionId === undefined ? {} : { heldBySessionId: by.sessionId }),
      },
    },
  );
}
