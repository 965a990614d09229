import type { ActivityRecord, Actor } from "../activity/activity.ts";
import type { TenantPolicy } from "../session/policy.ts";
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
  { userId, sessionId, seesTenant }: Viewer,
  record: ActivityRecord,
  ownerOf: ReadonlyMap<string, string>,
): boolean {
  const { actor } = record;
  if (seesTenant || actor.id === userId || actor.onBehalfOf === userId) return true;
  if (record.sessionId === undefined) return false;
  return record.sessionId === sessionId || ownerOf.get(record.sessionId) === userId;
}
