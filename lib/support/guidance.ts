import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { Caller } from "../session/caller.ts";
import type { Session, SessionEnd } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import { sessionOver } from "./grant-support.ts";

/** One thing said between a user and the agent who guides them. It stays on the session. */
export interface GuidanceMessage {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly from: { readonly type: "agent" | "user"; readonly id: string; readonly name: string };
  /** 1 to 4,000 characters. */
  readonly text: string;
  readonly createdAtMs: EpochMs;
}

/** Which messages to list, oldest first. */
export interface GuidanceQuery extends Pick<GuidanceMessage, "tenantId" | "sessionId"> {
  /** 1 to 200. */
  readonly limit: number;
  readonly afterId?: string | undefined;
}

/** The guidance of every session. */
export interface GuidanceStore {
  /** Keeps a message until `keptUntilMs`, with the request's own record. */
  add(message: GuidanceMessage, keptUntilMs: EpochMs, trail: Trail): Promise<void>;
  list(
    query: GuidanceQuery,
  ): Promise<{ readonly messages: readonly GuidanceMessage[]; readonly nextAfterId?: string }>;
  get(tenantId: string, sessionId: string, messageId: string): Promise<GuidanceMessage | undefined>;
}

/** What saying something needs. */
export interface GuideSessionDeps {
  readonly guidance: Pick<GuidanceStore, "add">;
  readonly endOf: (session: Session, policy: Tenant["policy"], nowMs: EpochMs) => SessionEnd | undefined;
  /** How long what was left on an ended session is kept. */
  readonly keptMs: EpochMs;
  readonly newId: (prefix: "msg", atMs: EpochMs) => string;
  readonly now: () => EpochMs;
}

/** What is said, by whom and in which session. */
export interface GuideSession {
  readonly caller: Caller;
  readonly session: Session;
  readonly text: string;
}

/** Says something in a session: the agent to its user, or the user to the agent. @throws AppError `conflict` once it is over */
export async function guideSession(
  deps: GuideSessionDeps,
  { caller, session, text }: GuideSession,
  trail: Trail,
): Promise<GuidanceMessage> {
  const { tenantId, sessionId, absoluteExpiresAtMs } = session;
  const { support } = caller.session;
  const nowMs = deps.now();
  if (deps.endOf(session, caller.tenant.policy, nowMs) !== undefined) throw sessionOver();
  const message: GuidanceMessage = {
    ...{ tenantId, sessionId, text, createdAtMs: nowMs },
    messageId: deps.newId("msg", nowMs),
    from:
      support === undefined
        ? { type: "user", id: caller.userId, name: caller.user.email }
        : { type: "agent", id: support.agentId, name: support.agentName },
  };
  trail.note({ messageId: message.messageId });
  await deps.guidance.add(message, absoluteExpiresAtMs + deps.keptMs, trail);
  return message;
}

/**
 * Holds guidance to those whom it is between.
 * @throws AppError `access.denied` for others of the tenant, and for an agent who may only view
 */
export function checkGuide({ session: own, userId }: Caller, { sessionId, userId: ownerId }: Session): void {
  const { support } = own;
  const mayGuide =
    support === undefined
      ? userId === ownerId
      : support.access === "guide" && support.watchedSessionId === sessionId;
  if (!mayGuide)
    throw new AppError("access.denied", "Guidance is between a user and the agent whom they let guide.");
}
