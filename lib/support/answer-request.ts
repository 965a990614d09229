import type { Trail } from "../activity/trail.ts";
import { AppError, notFound } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import type { SessionStore } from "../session/session-store.ts";
import { sessionOver } from "./grant-support.ts";
import { grantFacts, grantRef, type PartiesDeps } from "./parties.ts";
import type { GrantStore, SupportGrant } from "./support-grant.ts";

/** What answering an agent's request needs. */
export interface AnswerRequestDeps extends Pick<PartiesDeps, "endOf" | "now"> {
  readonly grants: Pick<GrantStore, "get" | "save">;
  readonly sessions: Pick<SessionStore, "get">;
}

/** Which request, who answers, and what is asked of their roles once it is known to be theirs. */
export interface AnswerRequest {
  readonly caller: Caller;
  readonly requestId: string;
  readonly permit: (asked: SupportGrant) => void;
}

/**
 * Lets the agent look: the request becomes the grant, and its time begins now. Of two answers at once one counts.
 * @throws AppError `not_found` for what is not asked of the caller, `conflict` for what was answered before, has waited
 * for too long, or is of a session that is over
 */
export async function approveRequest(
  deps: AnswerRequestDeps,
  asked: AnswerRequest,
  trail: Trail,
): Promise<SupportGrant> {
  const request = await openRequest(deps, asked, trail);
  const { caller } = asked;
  const nowMs = deps.now();
  const watched = await deps.sessions.get(request.tenantId, request.sessionId);
  const isOver = watched === undefined || deps.endOf(watched, caller.tenant.policy, nowMs) !== undefined;
  if (isOver) throw sessionOver();
  trail.note(grantFacts(request));
  const expiresAtMs = nowMs + request.lifeSeconds * 1000;
  return await answer(deps, { request, to: { answer: "granted", expiresAtMs }, watched }, trail);
}

/** Refuses the agent the look. @throws AppError as `approveRequest` */
export async function denyRequest(
  deps: AnswerRequestDeps,
  asked: AnswerRequest,
  trail: Trail,
): Promise<SupportGrant> {
  const request = await openRequest(deps, asked, trail);
  return await answer(deps, { request, to: { answer: "denied" } }, trail);
}

async function openRequest(
  deps: AnswerRequestDeps,
  { caller, requestId, permit }: AnswerRequest,
  trail: Trail,
): Promise<SupportGrant> {
  const request = await deps.grants.get(caller.tenantId, requestId);
  trail.about(grantRef({ grantId: requestId }));
  // A session is its user's own: nobody else, whatever their roles, lets an agent look at it.
  const isTheirs = request?.userId === caller.userId && request.origin === "agent";
  if (!isTheirs) throw notFound();
  permit(request);
  if (request.answer !== "open") throw answeredBefore();
  if (deps.now() >= request.expiresAtMs)
    throw new AppError("conflict", "The request has waited for too long.");
  return request;
}

async function answer(
  { grants }: AnswerRequestDeps,
  given: { readonly request: SupportGrant; readonly to: Partial<SupportGrant> } & Pick<
    Parameters<GrantStore["save"]>[0],
    "watched"
  >,
  trail: Trail,
): Promise<SupportGrant> {
  const { request, to, watched } = given;
  const after = { ...request, ...to, version: request.version + 1 };
  const write = { before: request, after, records: [], retentionDays: trail.retentionDays() };
  const written = await grants.save({ ...write, ...(watched && { watched }) }, trail);
  if (written === "moved") throw answeredBefore();
  return after;
}

function answeredBefore(): AppError {
  return new AppError("conflict", "The request was answered before.");
}
