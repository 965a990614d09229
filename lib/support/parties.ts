import type { ActivityRecord } from "../activity/activity.ts";
import type { AlsoEntry, Trail } from "../activity/trail.ts";
import { AppError, notFound } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { User } from "../identity/user.ts";
import type { Caller, CallerReader } from "../session/caller.ts";
import type { Session, SessionEnd } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import type { Agent, SupportGrant } from "./support-grant.ts";

/** A session that is alive, whose it is, and under which rules. */
export interface Watched {
  readonly session: Session;
  readonly user: User;
  readonly tenant: Tenant;
}

/** What finding those who take part needs. */
export interface PartiesDeps {
  readonly callers: CallerReader;
  /** Whether somebody of the platform's own people may look through a grant. */
  readonly isActingAgent: (user: Pick<User, "disabled" | "roles">) => boolean;
  readonly isPlatform: (tenantId: string) => boolean;
  readonly endOf: (session: Session, policy: Tenant["policy"], nowMs: EpochMs) => SessionEnd | undefined;
  readonly now: () => EpochMs;
}

/** Whether the caller is a support agent: one of the platform's people, acting in that role. */
export function isAgent(deps: Pick<PartiesDeps, "isActingAgent" | "isPlatform">, caller: Caller): boolean {
  const { tenantId, user, roles } = caller;
  return deps.isPlatform(tenantId) && deps.isActingAgent({ disabled: user.disabled, roles });
}

/** The caller as an agent. @throws AppError `access.denied` for everybody else */
export function agentOf(deps: Pick<PartiesDeps, "isActingAgent" | "isPlatform">, caller: Caller): Agent {
  if (!isAgent(deps, caller)) throw new AppError("access.denied", "Only a support agent can do this.");
  return { userId: caller.userId, name: caller.user.email };
}

/**
 * Reads a session that may be looked at: of a person or a pipeline, and alive.
 * @throws AppError `not_found` for every other one, without telling why
 */
export async function findWatched(
  deps: PartiesDeps,
  key: Pick<Session, "tenantId" | "userId" | "sessionId">,
): Promise<Watched> {
  const { session, user, tenant } = await deps.callers.read(key);
  if (session === undefined || user === undefined || tenant === undefined) throw notFound();
  const isOver = deps.endOf(session, tenant.policy, deps.now()) !== undefined;
  const isBarred = isOver || user.disabled || tenant.status === "suspended";
  if (isBarred || session.kind === "support" || session.source !== undefined) throw notFound();
  return { session, user, tenant };
}

/**
 * A record in the tenant of the user, of a request that is not theirs: under both names, and in none of the sessions
 * there unless `entry` names one.
 */
export function recordThere(
  trail: Trail,
  { tenantId, userId }: Pick<SupportGrant, "tenantId" | "userId">,
  entry: Omit<AlsoEntry, "actor">,
): ActivityRecord {
  const { sessionId: _elsewhere, workflow: _none, ...record } = trail.also(entry);
  const { sessionId } = entry;
  return {
    ...record,
    tenantId,
    actor: { ...record.actor, onBehalfOf: userId },
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

/** A grant as what records are about. */
export function grantRef({ grantId }: Pick<SupportGrant, "grantId">) {
  return { type: "support", id: grantId } as const;
}

/** What records say of a grant. */
export function grantFacts(grant: SupportGrant): Readonly<Record<string, unknown>> {
  const { sessionId, access, reason, lifeSeconds, agent } = grant;
  return { sessionId, access, reason, expiresInSeconds: lifeSeconds, ...(agent && { agent: agent.name }) };
}
