import type { ActivityLog } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import type { IdempotencyStore } from "../idempotency/idempotency.ts";
import type { AuthenticateCallerDeps } from "../session/authenticate-caller.ts";
import type { Enrolling } from "../session/enrolling.ts";
import type { AccessTokens, RefreshTokens } from "../session/token.ts";
import type { EpochMs } from "../time.ts";

/** Seals positions in a list to their scope, so that no one can make or move one. */
export interface Cursors {
  seal(position: string, scope: string): Promise<string>;
  /** `undefined` for what was altered, or sealed for another scope. */
  open(cursor: string, scope: string): Promise<string | undefined>;
}

/** One line of the service's own log for each request. */
export interface RequestLine {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly code?: string;
  readonly tenantId?: string;
  readonly sessionId?: string;
}

/** Writes the service's own log. `cause` is for defects alone. */
export interface RequestLogger {
  request(line: RequestLine, cause?: unknown): void;
}

/** What every endpoint needs, beside what its own use case needs. */
export interface HttpDeps extends AuthenticateCallerDeps {
  readonly tokens: Pick<AccessTokens, "verify">;
  /** Reads the refresh cookie, which can stand for a bearer token where an endpoint says so. */
  readonly refreshTokens: Pick<RefreshTokens, "parse">;
  /** The origins, scheme and port included, whose pages may send that cookie. */
  readonly allowedOrigins: readonly string[];
  /** What the edge before the API proves itself with; without one, requests come to the API itself. */
  readonly edgeKey?: string;
  /** Reads `Authorization: Challenge …`, for the endpoints that take it. */
  readonly openEnrolment?: (challengeToken: string, trail: Trail) => Promise<Enrolling>;
  readonly activity: ActivityLog;
  readonly idempotency: IdempotencyStore;
  readonly cursors: Cursors;
  readonly log: RequestLogger;
  readonly now: () => EpochMs;
  /** `act_…` and its like; sorts by `atMs` (default now). */
  readonly newId: NewId;
  /** The same ids again for the same seed: what a repeated request makes twice is the same thing. */
  readonly seededIds: (seed: string, atMs: EpochMs) => NewId;
  /** SHA-256, hex. */
  readonly sha256: (text: string) => string;
}

/** Makes an id with its prefix, such as `ses_…`. */
export type NewId = (prefix: IdPrefix, atMs?: EpochMs) => string;

/** The prefixes of ids (contract section 1), and those of requests and tokens beside them. */
export type IdPrefix =
  | "ten"
  | "usr"
  | "ses"
  | "fac"
  | "act"
  | "alr"
  | "res"
  | "inv"
  | "key"
  | "grt"
  | "msg"
  | "req"
  | "sel"
  | "whk"
  | "crd"
  | "run";
