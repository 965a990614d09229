import type { ActivityRecord } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Seals } from "../session/token.ts";
import {
  CONNECTION_LIFE_MS,
  CONNECTIONS_OF_SESSION_MAX,
  CONNECTIONS_OF_TENANT_MAX,
  type Connection,
  type ConnectionStore,
} from "./connection.ts";
import { openTicket } from "./issue-ticket.ts";
import { countSince, MISSED_MAX, type MissedRecordsDeps } from "./missed-records.ts";
import type { Viewers } from "./viewer.ts";

/** What opening a feed needs. */
export interface OpenFeedDeps extends Pick<MissedRecordsDeps, "journal" | "records"> {
  readonly seals: Pick<Seals, "open">;
  readonly connections: Pick<ConnectionStore, "open" | "ofTenant">;
  readonly viewers: Viewers;
  /** The pages that may open a feed, by their origins. */
  readonly allowedOrigins: readonly string[];
}

/** One connection that asks to be a feed. */
export interface OpenFeed {
  readonly connectionId: string;
  readonly ticket: string | undefined;
  readonly sinceId: string | undefined;
  /** Set by browsers, and by them alone. */
  readonly origin: string | undefined;
  readonly ip: string;
}

const RECORD_ID = /^act_[0-9a-hjkmnp-tv-z]{26}$/;

/**
 * Opens a feed for a ticket, once.
 * @throws AppError `access.denied` for another origin, `auth.required`, `auth.token_invalid` for a ticket that is none,
 * has expired or was used, `session.ended`, `rate.limited`, `request.invalid` and `conflict` for a `since` that is none
 * or too far back
 */
export async function openFeed(deps: OpenFeedDeps, asked: OpenFeed, trail: Trail): Promise<void> {
  const { origin, connectionId, ip } = asked;
  // Cookies play no part, and still: no other site's page gets to look on.
  if (origin !== undefined && !deps.allowedOrigins.includes(origin)) {
    throw new AppError("access.denied", "Pages of this origin may not open a feed.");
  }
  if (asked.ticket === undefined) throw new AppError("auth.required", "A feed needs a ticket.");
  const ticket = await openTicket(deps, asked.ticket);
  if (ticket === undefined) throw invalidTicket();
  const { tenantId, userId, sessionId } = ticket;
  const viewer = await deps.viewers.look({ tenantId, userId, sessionId, ip });
  if (viewer === undefined) throw new AppError("session.ended", "The session has ended.");
  trail.by({
    ...{ tenantId, sessionId, actor: viewer.actor },
    retentionDays: viewer.policy.activityRetentionDays,
  });
  await checkRoom(deps, ticket);
  const since = await sinceOf(deps, asked.sinceId, tenantId);
  const opening = trail.record();
  const connection: Connection = {
    ...{ connectionId, tenantId, userId, sessionId, ip },
    openedAtMs: opening.receivedAtMs,
    openingId: opening.id,
    ...(since === undefined ? {} : { sinceId: since.id }),
    isActive: false,
  };
  const checkAtMs = Math.min(viewer.overAtMs, opening.receivedAtMs + CONNECTION_LIFE_MS);
  if ((await deps.connections.open({ connection, ticket, checkAtMs }, trail)) === "ticket_used") {
    throw invalidTicket();
  }
}

async function checkRoom(
  { connections }: Pick<OpenFeedDeps, "connections">,
  { tenantId, sessionId }: { readonly tenantId: string; readonly sessionId: string },
): Promise<void> {
  const open = await connections.ofTenant(tenantId);
  const ofSession = open.filter((one) => one.sessionId === sessionId).length;
  if (ofSession >= CONNECTIONS_OF_SESSION_MAX || open.length >= CONNECTIONS_OF_TENANT_MAX) {
    throw new AppError("rate.limited", "Too many feeds are open.", { retryAfterSeconds: 60 });
  }
}

async function sinceOf(
  deps: Pick<OpenFeedDeps, "journal" | "records">,
  sinceId: string | undefined,
  tenantId: string,
): Promise<ActivityRecord | undefined> {
  if (sinceId === undefined) return undefined;
  const [since] = RECORD_ID.test(sinceId) ? await deps.records.getMany(tenantId, [sinceId]) : [];
  if (since === undefined) throw new AppError("request.invalid", "There is no record of that id.");
  if ((await countSince(deps, tenantId, since)) > MISSED_MAX) {
    throw new AppError("conflict", "More was missed than a feed brings: read it from the log.");
  }
  return since;
}

function invalidTicket(): AppError {
  return new AppError("auth.token_invalid", "The ticket is not valid.");
}
