import type { Tenant } from "../identity/tenant.ts";
import type { Caller, CallerReader, RoleBooks } from "../session/caller.ts";
import type { Session, SessionEnd } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import { isAddressAllowed } from "./cidr.ts";
import type { AccessContext } from "./condition.ts";
import { type Decision, decide, stepUpThatWouldAllow } from "./decide.ts";
import { stepUpBefore } from "./step-up.ts";

/** The session that is asked about, with everything that decides for it. */
export type Subject = Pick<Caller, "session" | "user" | "tenant" | "policy">;

/** Why nothing can be allowed to a session, whatever its roles say. */
export type Absence = "subject_not_found" | "session_ended" | "user_disabled";

/** What finding a subject needs. */
export interface FindSubjectDeps {
  readonly sessions: { get(tenantId: string, sessionId: string): Promise<Session | undefined> };
  readonly callers: CallerReader;
  readonly roleBooks: RoleBooks;
  /** Says whether and how a session is over under the policy of this moment. */
  readonly endOf: (session: Session, policy: Tenant["policy"], nowMs: EpochMs) => SessionEnd | undefined;
  readonly now: () => EpochMs;
}

/** What is asked: an action on a resource, and what the asking service knows beside it. */
export interface Evaluation {
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string };
  readonly ownerId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** The address that the request came from which is decided about. */
  readonly ip?: string | undefined;
}

/** The answer: by a statement, by what the session still has to prove, or because there is no such session any more. */
export type Evaluated =
  | { readonly is: "decided"; readonly allowed: boolean; readonly decision: Decision }
  | { readonly is: "step_up_required"; readonly decision: Decision; readonly maxAgeSeconds: number }
  | { readonly is: "enrollment_required"; readonly decision: Decision }
  | { readonly is: "address_not_allowed" }
  | { readonly is: Absence };

/**
 * Finds a session of a tenant as it is at this moment; it is not taken to have been seen by being asked about. Another
 * tenant's session is not found.
 */
export async function findSubject(
  deps: FindSubjectDeps,
  tenantId: string,
  sessionId: string,
): Promise<Subject | Absence> {
  const known = await deps.sessions.get(tenantId, sessionId);
  // A support session looks on, by this product's own endpoints, and does nothing that anybody else could be asked for.
  const isActor = known !== undefined && known.source !== "import" && known.kind !== "support";
  if (!isActor) return "subject_not_found";
  const { session, user, tenant } = await deps.callers.read({ tenantId, userId: known.userId, sessionId });
  if (session === undefined || user === undefined || tenant === undefined) return "session_ended";
  if (deps.endOf(session, tenant.policy, deps.now()) !== undefined) return "session_ended";
  if (user.disabled) return "user_disabled";
  const book = await deps.roleBooks.bookOf(tenant);
  const policy = book.policyFor({
    held: user.roles,
    ...(session.roleSubset === undefined ? {} : { active: session.roleSubset }),
  });
  return { session, user, tenant, policy };
}

/**
 * Decides whether a session may do an action: by the roles in force first, then by whether it is sensitive and a factor
 * was verified recently enough. What the session would be refused here it would be refused by this product's own API.
 */
export function evaluateAccess(subject: Subject | Absence, asked: Evaluation, nowMs: EpochMs): Evaluated {
  if (typeof subject === "string") return { is: subject };
  const { ipAllowList, stepUpMaxAgeSeconds } = subject.tenant.policy;
  const isBarred =
    asked.ip !== undefined && ipAllowList.length > 0 && !isAddressAllowed(asked.ip, ipAllowList);
  if (isBarred) return { is: "address_not_allowed" };
  const decision = decide(subject.policy, {
    action: asked.action,
    resource: `${asked.resource.type}/${asked.resource.id}`,
    context: contextOf(subject, asked, nowMs),
  });
  const maxAgeSeconds = stepUpThatWouldAllow(decision);
  const isPerson = subject.session.kind === "interactive" && subject.user.factorTypes.length > 0;
  if (maxAgeSeconds !== undefined && isPerson) return { is: "step_up_required", decision, maxAgeSeconds };
  if (!decision.allowed) return { is: "decided", allowed: false, decision };
  const step = stepUpBefore(subject, asked.action, nowMs);
  if (step === "step_up_required") return { is: step, decision, maxAgeSeconds: stepUpMaxAgeSeconds };
  if (step === "enrollment_required") return { is: step, decision };
  return { is: "decided", allowed: true, decision };
}

function contextOf(
  { session, user }: Subject,
  { ip, ownerId, tags }: Evaluation,
  nowMs: EpochMs,
): AccessContext {
  const { factorVerifiedAtMs } = session;
  return {
    nowMs,
    sessionKind: session.kind,
    callerId: user.userId,
    ...(factorVerifiedAtMs === undefined ? {} : { factorVerifiedAtMs }),
    ...(ip === undefined ? {} : { ip }),
    ...(ownerId === undefined ? {} : { ownerId }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** Which of the evaluations of a batch are carried out (AuthZEN 1.0 section 7.1.2.1). */
export type Semantic = "execute_all" | "deny_on_first_deny" | "permit_on_first_permit";

/** Whether a decision settles a batch, so that what comes after it is not evaluated any more. */
export function settles(semantic: Semantic, decision: boolean): boolean {
  if (semantic === "execute_all") return false;
  return decision === (semantic === "permit_on_first_permit");
}
