import type { ActivityRecord, Actor } from "../activity/activity.ts";
import type { TenantPolicy } from "../session/policy.ts";
import type { SupportView } from "../session/session.ts";
import type { GuidanceMessage } from "../support/guidance.ts";
import type { EpochMs } from "../time.ts";
import type { Connection } from "./connection.ts";

/** Whoever looks at a feed, as of this moment. */
export interface Viewer {
  readonly userId: string;
  readonly sessionId: string;
  /** Who that is, as records name them. */
  readonly actor: Actor;
  /** All of the tenant's records, or else the own ones. */
  readonly seesTenant: boolean;
  readonly seesAlerts: boolean;
  /** Of a support session: the one session that it sees beside itself, and whether it guides there. */
  readonly watching?: Pick<SupportView, "watchedSessionId" | "access">;
  readonly policy: TenantPolicy;
  /** When the session is over if nothing more is heard of it. */
  readonly overAtMs: EpochMs;
}

/** Tells what somebody may see at this moment. */
export interface Viewers {
  /**
   * `undefined` for whom nothing may be shown any more: the session is over, the user disabled, the tenant suspended, or
   * the address not allowed. A session that is found to be over is ended on the way.
   */
  look(connection: Pick<Connection, "tenantId" | "userId" | "sessionId" | "ip">): Promise<Viewer | undefined>;
}

/** Whether a viewer may see a record. `ownerOf` says whose the session of a record is, where that is known. */
export function maySee(
  { userId, sessionId, seesTenant, watching }: Viewer,
  record: ActivityRecord,
  ownerOf: ReadonlyMap<string, string>,
): boolean {
  const { actor } = record;
  if (watching !== undefined) {
    return record.sessionId === watching.watchedSessionId || record.sessionId === sessionId;
  }
  if (seesTenant || actor.id === userId || actor.onBehalfOf === userId) return true;
  if (record.sessionId === undefined) return false;
  return record.sessionId === sessionId || ownerOf.get(record.sessionId) === userId;
}

/** Whether a viewer hears what was said in a session: its user does, on every feed of theirs, and an agent who guides there. */
export function hears(
  { userId, watching }: Viewer,
  { actor }: ActivityRecord,
  { sessionId }: Pick<GuidanceMessage, "sessionId">,
): boolean {
  if (watching !== undefined) return watching.access === "guide" && watching.watchedSessionId === sessionId;
  return userId === (actor.onBehalfOf ?? actor.id);
}
