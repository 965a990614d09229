import type { User } from "../identity/user.ts";
import type { EpochMs } from "../time.ts";
import type { SupportRows } from "./caller.ts";
import type { TenantPolicy } from "./policy.ts";
import { endOf, type Session, type SessionEnd } from "./session.ts";

/** The role that makes a support agent of one of the platform's own people. */
const AGENT_ROLE = "support-agent";

/** Whether somebody may look through a grant that was given to them. */
export function isActingAgent({ disabled, roles }: Pick<User, "disabled" | "roles">): boolean {
  return !disabled && roles.includes(AGENT_ROLE);
}

/**
 * Says whether a support session is over because of what it stands on: the session that it looks at, its grant, or its
 * agent. It ends with the watched session at that one's own end, and for its reason; but never before it began itself.
 */
export function endOfView(
  { createdAtMs }: Pick<Session, "createdAtMs">,
  { grant, watched, agent }: SupportRows,
  { policy, nowMs }: { readonly policy: TenantPolicy; readonly nowMs: EpochMs },
): SessionEnd | undefined {
  const watchedEnd: SessionEnd | undefined =
    watched === undefined ? { reason: "idle_expired", atMs: nowMs } : endOf(watched, policy, nowMs);
  const ends: readonly (SessionEnd | undefined)[] = [
    watchedEnd,
    grant === undefined ? { reason: "revoked", atMs: nowMs } : undefined,
    grant?.end === undefined ? undefined : { reason: "revoked", atMs: grant.end.atMs },
    agent === undefined || !isActingAgent(agent) ? { reason: "user_disabled", atMs: nowMs } : undefined,
  ];
  const [first] = ends.filter((end) => end !== undefined).toSorted((one, other) => one.atMs - other.atMs);
  return first && { ...first, atMs: Math.max(first.atMs, createdAtMs) };
}
