import { AppError } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { User } from "../identity/user.ts";
import type { EpochMs } from "../time.ts";
import type {
  Caller,
  CallerKey,
  CallerReader,
  CallerRows,
  RoleBooks,
  SessionEnder,
  SessionToucher,
  SupportRows,
} from "./caller.ts";
import { type EndReason, endOf, needsTouch, type Session, type SessionEnd, touched } from "./session.ts";
import { endOfView } from "./support-view.ts";
import type { AccessTokenClaims } from "./token.ts";

/** What telling a caller needs. */
export interface AuthenticateCallerDeps {
  readonly callers: CallerReader;
  readonly roleBooks: RoleBooks;
  readonly sessionEnds: SessionEnder;
  readonly sessionTouches: SessionToucher;
  readonly isAddressAllowed: (ip: string, cidrs: readonly string[]) => boolean;
  readonly now: () => EpochMs;
}

/** Whom a token names, and where the request came from. */
export interface AuthenticateInput {
  readonly key: CallerKey;
  readonly ip: string;
  /** What the token says of factors; absent where a refresh token stands for it. */
  readonly claims?: Pick<AccessTokenClaims, "authTimeMs" | "amr">;
  /** Told as soon as it is clear whose request it is, so that a refusal can be put on their record. */
  readonly known: (rows: CallerRows) => void;
}

/** A caller, and the last-seen write that goes on beside the handler's own work. */
export interface Authenticated {
  readonly caller: Caller;
  readonly touching: Promise<void> | undefined;
}

/**
 * Says whose request this is, as of this very moment: one consistent read of session, user and tenant, so that an
 * ended session, a disabled user or a changed policy counts from the next request on, in every function.
 * @throws AppError `session.ended` (with `reason`), `auth.token_invalid`, `access.denied` (suspended tenant, address)
 */
export async function authenticateCaller(
  deps: AuthenticateCallerDeps,
  input: AuthenticateInput,
): Promise<Authenticated> {
  const { session, user, tenant } = await liveRows(deps, input);
  const nowMs = deps.now();
  const touching = needsTouch(session, tenant.policy, nowMs)
    ? deps.sessionTouches.touch(touched(session, tenant.policy, nowMs), nowMs, session)
    : undefined;
  // A failed touch is the factory's to report once the handler is done; until then it must not go unhandled.
  touching?.catch(() => undefined);
  const roles = rolesInForce(user.roles, session.roleSubset);
  const roleBook = await deps.roleBooks.bookOf(tenant);
  const policy = roleBook.policyFor({
    held: user.roles,
    ...(session.roleSubset && { active: session.roleSubset }),
  });
  const caller = {
    ...input.key,
    session: withinToken(session, input.claims),
    user,
    tenant,
    roles,
    policy,
    roleBook,
  };
  return { caller, touching };
}

/**
 * The session as one of its tokens has it. A factor verified after the token was given does not count for it: whoever
 * stole a token gains nothing when its owner steps up, and has to come by the new one (RFC 9470 section 4).
 */
function withinToken(session: Session, claims: AuthenticateInput["claims"]): Session {
  const verifiedAtMs = session.factorVerifiedAtMs;
  if (claims === undefined || verifiedAtMs === undefined) return session;
  // The token has whole seconds.
  if (claims.authTimeMs >= verifiedAtMs - (verifiedAtMs % 1000)) return session;
  const { factorVerifiedAtMs: _later, ...rest } = session;
  return claims.amr.includes("mfa") ? { ...rest, factorVerifiedAtMs: claims.authTimeMs } : rest;
}

/**
 * Reads session, user and tenant, and refuses what may not go on: an ended session, a disabled user, a suspended
 * tenant, an address that the tenant does not allow. A session found to be over is ended on the way, and so is a
 * support session of which anything that it stands on is gone.
 * @throws AppError as `authenticateCaller`
 */
export async function liveRows(
  deps: Pick<AuthenticateCallerDeps, "callers" | "sessionEnds" | "isAddressAllowed" | "now">,
  { key, ip, known }: AuthenticateInput,
): Promise<CallerRows> {
  const { session, user, tenant, support } = await deps.callers.read(key);
  const nowMs = deps.now();
  if (tenant === undefined) throw invalidToken();
  // Who has been deleted is in no session any more; its row says how this one came to its end.
  if (user === undefined)
    throw session?.end === undefined ? invalidToken() : sessionEnded(session.end.reason);
  // The table's own expiry removes rows of sessions that idled out: the token proves that there was one.
  if (session === undefined) throw sessionEnded("idle_expired");
  if (session.userId !== user.userId || session.source === "import") throw invalidToken();
  known({ session, user, tenant });
  const end = endOfRows({ session, user, tenant, support }, nowMs);
  if (end !== undefined) {
    if (session.end === undefined) await deps.sessionEnds.endFound({ session, end, policy: tenant.policy });
    throw sessionEnded(end.reason);
  }
  if (tenant.status === "suspended") throw new AppError("access.denied", "The tenant is suspended.");
  checkAddress(deps, tenant, ip);
  return { session, user, tenant };
}

/** Holds an address to those that the tenant allows. @throws AppError `access.denied` */
export function checkAddress(
  { isAddressAllowed }: Pick<AuthenticateCallerDeps, "isAddressAllowed">,
  { policy }: Tenant,
  ip: string,
): void {
  if (policy.ipAllowList.length > 0 && !isAddressAllowed(ip, policy.ipAllowList)) {
    throw new AppError("access.denied", "The tenant does not allow this address.");
  }
}

/** The end of a session by all that it stands on: its own time, its user, and for a look the grant and what it is of. */
export function endOfRows(
  { session, user, tenant, support }: CallerRows & { readonly support?: SupportRows | undefined },
  nowMs: EpochMs,
): SessionEnd | undefined {
  return (
    endOf(session, tenant.policy, nowMs) ??
    endOfDisabled(user, nowMs) ??
    (support && endOfView(session, support, { policy: tenant.policy, nowMs }))
  );
}

/** The roles a session acts with: those it asked for that its user still has, or all of the user's. */
export function rolesInForce(
  held: readonly string[],
  subset: readonly string[] | undefined,
): readonly string[] {
  return subset === undefined ? held : held.filter((role) => subset.includes(role));
}

/** The answer to every use of an ended session. */
export function sessionEnded(reason: EndReason): AppError {
  return new AppError("session.ended", "The session has ended.", { members: { reason } });
}

function endOfDisabled(user: User, nowMs: EpochMs): SessionEnd | undefined {
  return user.disabled ? { reason: "user_disabled", atMs: nowMs } : undefined;
}

function invalidToken(): AppError {
  return new AppError("auth.token_invalid", "The token is not valid.");
}
