import { decide, explain } from "../access/decide.ts";
import type { Resource } from "../resource/resource.ts";
import type { StandingVerdict } from "../resource/scale-group.ts";
import type { ScalingPolicy } from "../resource/scaling-rule.ts";
import type { CallerReader, CallerRows, RoleBooks } from "../session/caller.ts";
import type { EndReason } from "../session/session.ts";
import type { EpochMs } from "../time.ts";

/** What deciding for somebody who is not there needs. */
export interface StandingAuthorityDeps {
  readonly callers: CallerReader;
  readonly roleBooks: RoleBooks;
  readonly now: () => EpochMs;
}

/** Ends that say that the session was not, or is not any more, in the right hands. */
const DISTRUSTED: ReadonlySet<EndReason> = new Set(["revoked", "refresh_reused", "user_disabled"]);

/**
 * Decides whether a scaling policy may take a step: with the roles that its user has now, no more of them than the
 * session had that set it, and under every condition as that session would meet it. A policy outlives the end of its
 * session, but not its revocation, nor the 30 days for which the session is on record.
 */
export function standingAuthority(
  deps: StandingAuthorityDeps,
): (group: Resource, policy: ScalingPolicy) => Promise<StandingVerdict> {
  return async (group, { by }) => {
    const { tenantId } = group;
    const { session, user, tenant } = await deps.callers.read({
      tenantId,
      userId: by.userId ?? "",
      sessionId: by.sessionId ?? "",
    });
    if (session === undefined || user === undefined || tenant === undefined) {
      return refused("the session that set the policy is not on record any more");
    }
    const distrust = distrustOf({ session, user, tenant });
    return distrust === undefined
      ? await decideFor(deps, group, { session, user, tenant })
      : refused(distrust);
  };
}

function distrustOf({ session, user, tenant }: CallerRows): string | undefined {
  if (user.disabled) return "the user who set the policy is disabled";
  if (tenant.status === "suspended") return "the tenant is suspended";
  const reason = session.end?.reason;
  return reason !== undefined && DISTRUSTED.has(reason)
    ? "the session that set the policy was revoked"
    : undefined;
}

async function decideFor(
  deps: StandingAuthorityDeps,
  group: Resource,
  { session, user, tenant }: CallerRows,
): Promise<StandingVerdict> {
  const book = await deps.roleBooks.bookOf(tenant);
  const policy = book.policyFor({
    held: user.roles,
    ...(session.roleSubset === undefined ? {} : { active: session.roleSubset }),
  });
  const decision = decide(policy, {
    action: "instance_group:scale",
    resource: `instance_group/${group.resourceId}`,
    context: {
      nowMs: deps.now(),
      ip: session.ip,
      sessionKind: session.kind,
      callerId: user.userId,
      ownerId: group.ownerId,
      tags: group.tags,
      ...(session.factorVerifiedAtMs === undefined ? {} : { factorVerifiedAtMs: session.factorVerifiedAtMs }),
    },
  });
  return decision.allowed ? { isAllowed: true } : refused(explain(decision));
}

function refused(reason: string): StandingVerdict {
  return { isAllowed: false, reason };
}
