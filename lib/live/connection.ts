import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";

/** One open feed: who looks, and from when on. */
export interface Connection {
  readonly connectionId: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly ip: string;
  readonly openedAtMs: EpochMs;
  /**
   * The record of its opening. The feed begins with what the stream brings after it, and what it missed before that
   * ends with it: so nothing is lost or repeated between the two.
   */
  readonly openingId: string;
  /** The last record that the viewer has had, on a feed that went before. */
  readonly sinceId?: string;
  /** Whether the stream has brought its opening. */
  readonly isActive: boolean;
}

/** A ticket that opens a feed once. */
export interface TicketUse {
  readonly ticketId: string;
  readonly expiresAtMs: EpochMs;
}

/** The open feeds of every tenant. */
export interface ConnectionStore {
  /** Opens a feed and uses its ticket up, with the request's record; the ticket may have been used before. */
  open(
    of: { readonly connection: Connection; readonly ticket: TicketUse; readonly checkAtMs: EpochMs },
    trail: Trail,
  ): Promise<"done" | "ticket_used">;
  find(connectionId: string): Promise<Connection | undefined>;
  ofTenant(tenantId: string): Promise<readonly Connection[]>;
  activate(connection: Connection): Promise<void>;
  remove(connection: Connection): Promise<void>;
  /** Counts what the client has said on it. */
  countMessage(connectionId: string): Promise<number>;
  /** Has a feed looked at again at that time. */
  checkAt(check: FeedCheck): Promise<void>;
  /** The checks that are due, each once. */
  takeDue(nowMs: EpochMs): AsyncIterable<FeedCheck>;
}

/** When to look at a feed, and whether it was found over before. */
export interface FeedCheck {
  readonly connectionId: string;
  readonly atMs: EpochMs;
  readonly isLast?: boolean;
}

/** The far end of connections. Neither throws: a connection that cannot be reached is gone. */
export interface LiveGateway {
  send(connectionId: string, text: string): Promise<"sent" | "gone">;
  close(connectionId: string): Promise<void>;
}

/** Feeds of one session at a time. */
export const CONNECTIONS_OF_SESSION_MAX = 10;

/** Feeds of one tenant at a time. */
export const CONNECTIONS_OF_TENANT_MAX = 1000;

/** How long API Gateway keeps a connection. */
export const CONNECTION_LIFE_MS: EpochMs = 2 * 3_600_000;

/** Long enough for the end of a session to come through the stream, and short enough for what a feed promises: 5 s. */
export const FAREWELL_MS = 2000;
