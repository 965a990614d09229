import { type Decision, decide, explain, stepUpThatWouldAllow } from "../access/decide.ts";
import { type StepUp, stepUpBefore, stepUpIn } from "../access/step-up.ts";
import { AppError, assertNever } from "../errors.ts";
import { isPlatform } from "../identity/tenant.ts";
import type { Caller } from "../session/caller.ts";
import type { EpochMs } from "../time.ts";
import type { AuthoriseRequest } from "./exchange.ts";
import type { HttpRequest } from "./request.ts";

type Asked = AuthoriseRequest & { readonly action: string };

/** Decides for one caller at one moment, and remembers that it was asked. */
export interface Authoriser {
  /** @throws AppError `access.denied`, `auth.step_up_required`, `mfa.enrollment_required` */
  authorise(asked: Asked): void;
  /** The same for what only the platform's own people may do. @throws AppError as `authorise` */
  authoriseOperator(action: string): void;
  mayI(asked: Asked): boolean;
  /** Demands a recently verified factor of everybody, or of those who have one. @throws AppError as `authorise` */
  demandFactor(of: "always" | "with_factor"): void;
  /** Says that nothing is to be decided: the endpoint is about the caller alone. */
  waive(): void;
  decided(): boolean;
}

/** Makes the authoriser of one request. Permission is decided first, then step-up (contract section 4). */
export function createAuthoriser(caller: Caller, request: HttpRequest, nowMs: EpochMs): Authoriser {
  let decided = false;
  const decisionOn = (asked: Asked) =>
    decide(caller.policy, {
      action: asked.action,
      resource: asked.resource === "*" ? "*" : `${asked.resource.type}/${asked.resource.id}`,
      context: {
        nowMs,
        ip: request.ip,
        sessionKind: caller.session.kind,
        callerId: caller.userId,
        ...(caller.session.factorVerifiedAtMs === undefined
          ? {}
          : { factorVerifiedAtMs: caller.session.factorVerifiedAtMs }),
        ...(asked.ownerId === undefined ? {} : { ownerId: asked.ownerId }),
        ...(asked.tags === undefined ? {} : { tags: asked.tags }),
      },
    });
  const mayI = (asked: Asked): boolean =>
    isInSight(caller, asked) && (asked.own === true || decisionOn(asked).allowed);
  const authorise = (asked: Asked): void => {
    decided = true;
    if (!isInSight(caller, asked))
      throw accessDenied(asked.action, "a support session sees one session alone");
    if (asked.own !== true) {
      const decision = decisionOn(asked);
      const maxAgeSeconds = stepUpThatWouldAllow(decision);
      // Nobody is there in a pipeline who could verify a factor.
      if (maxAgeSeconds !== undefined && caller.session.kind === "interactive") {
        throw caller.user.factorTypes.length > 0 ? stepUpRequired(maxAgeSeconds) : enrollmentRequired();
      }
      if (!decision.allowed) throw accessDenied(asked.action, inGeneral(decision), explained(decision));
    }
    demandFactor(caller, asked, nowMs);
  };
  /** Which statement of which role it was is for those to know who may read that role. */
  const explained = (decision: Decision): string | undefined => {
    const resource = "role" in decision ? ({ type: "role", id: decision.role } as const) : "*";
    return mayI({ action: "role:read", resource }) ? explain(decision) : undefined;
  };
  return {
    authorise,
    authoriseOperator: (action) => {
      decided = true;
      if (!isPlatform(caller.tenantId))
        throw accessDenied(action, "only the platform's operator may do this");
      authorise({ action, resource: "*" });
    },
    mayI,
    demandFactor: (of) => {
      if (of === "with_factor" && caller.user.factorTypes.length === 0) return;
      refuseUntil(stepUpIn(caller, nowMs), caller);
    },
    waive: () => {
      decided = true;
    },
    decided: () => decided,
  };
}

/**
 * Whether a caller gets to see a thing at all, whatever their roles say and whosever it is: a support session has its
 * user's roles and stands in their name, and yet sees the one session that it looks at, and itself.
 */
function isInSight({ session }: Caller, { resource, sessionIds }: Asked): boolean {
  if (session.support === undefined) return true;
  const own = resource !== "*" && resource.type === "session" ? [resource.id] : [];
  const seen = [session.support.watchedSessionId, session.sessionId];
  return (sessionIds ?? own).some((id) => seen.includes(id));
}

/** The refusal of an action by role; `explanation` names roles and is for those alone who may read them. */
export function accessDenied(action: string, reason: string, explanation?: string): AppError {
  return new AppError("access.denied", `You may not do ${action}: ${reason}.`, {
    members: { action, reason, ...(explanation === undefined ? {} : { explain: explanation }) },
  });
}

/** Why it is refused, without a word of how roles are written. */
function inGeneral({ reason }: Decision): string {
  switch (reason) {
    case "denied_by_statement":
      return "your roles deny it";
    case "condition_not_met":
      return "your roles allow it only under a condition that is not met";
    default:
      return "your roles do not allow it";
  }
}

/** Ending one's own sessions is never held up by a second factor: it is what one does in an emergency. */
function demandFactor(caller: Caller, asked: Asked, nowMs: EpochMs): void {
  if (asked.own === true && asked.action === "session:revoke") return;
  refuseUntil(stepUpBefore(caller, asked.action, nowMs), caller);
}

function refuseUntil(step: StepUp, caller: Caller): void {
  switch (step) {
    case "ok":
      return;
    case "enrollment_required":
      throw enrollmentRequired();
    case "step_up_required":
      throw stepUpRequired(caller.tenant.policy.stepUpMaxAgeSeconds);
    default:
      assertNever(step);
  }
}

function enrollmentRequired(): AppError {
  return new AppError("mfa.enrollment_required", "This action needs a second factor: add one first.");
}

/** Asks for a factor verified within `maxAgeSeconds` (RFC 9470). */
export function stepUpRequired(maxAgeSeconds: number): AppError {
  return new AppError("auth.step_up_required", "Verify a factor again, then repeat the request.", {
    members: { maxAgeSeconds },
  });
}
