import type { Trail } from "../activity/trail.ts";
import { AppError, invalidField } from "../errors.ts";
import type { AccountStore } from "../identity/account-store.ts";
import type { UserStore } from "../identity/user-store.ts";
import type { Caller } from "../session/caller.ts";
import type { Session } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import { grantFacts, grantRef, type PartiesDeps } from "./parties.ts";
import type { Agent, GrantStore, SupportGrant } from "./support-grant.ts";

/** What letting an agent look needs. */
export interface GrantSupportDeps extends PartiesDeps {
  readonly grants: Pick<GrantStore, "save">;
  readonly accounts: Pick<AccountStore, "findLogin">;
  readonly users: Pick<UserStore, "get">;
  readonly newId: (prefix: "grt", atMs: EpochMs) => string;
}

/** What is asked for or given. */
export interface Terms {
  readonly access: "view" | "guide";
  /** 60 to 14,400. */
  readonly lifeSeconds: number;
  readonly reason: string;
}

/** A user's own word, before any agent has asked. */
export interface GrantSupport extends Terms {
  readonly caller: Caller;
  readonly session: Session;
  /** Normalised; without one the grant is for the agent who comes first. */
  readonly agentEmail: string | undefined;
}

/**
 * Lets a support agent look at one of the caller's own sessions for a while.
 * @throws AppError `request.invalid` at `/agentEmail` for everybody who is no agent, `conflict` for a session that is over
 */
export async function grantSupport(
  deps: GrantSupportDeps,
  { caller, session, agentEmail, access, lifeSeconds, reason }: GrantSupport,
  trail: Trail,
): Promise<SupportGrant> {
  const { tenantId, userId, user } = caller;
  const agent = agentEmail === undefined ? undefined : await findAgent(deps, agentEmail);
  const nowMs = deps.now();
  if (deps.endOf(session, caller.tenant.policy, nowMs) !== undefined) throw sessionOver();
  const grant: SupportGrant = {
    ...{ tenantId, userId, userName: user.email, sessionId: session.sessionId },
    ...{ access, lifeSeconds, reason, origin: "user", answer: "granted", version: 1 },
    ...(agent === undefined ? {} : { agent }),
    grantId: deps.newId("grt", nowMs),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + lifeSeconds * 1000,
  };
  trail.about(grantRef(grant));
  trail.note(grantFacts(grant));
  const write = { after: grant, watched: session, records: [], retentionDays: trail.retentionDays() };
  if ((await deps.grants.save(write, trail)) === "moved") throw sessionOver();
  return grant;
}

/** One answer for every address that is no agent's, so that nobody learns who else has an account. */
async function findAgent(deps: GrantSupportDeps, email: string): Promise<Agent> {
  const login = await deps.accounts.findLogin(email);
  const user =
    login !== undefined && deps.isPlatform(login.tenantId)
      ? await deps.users.get(login.tenantId, login.userId)
      : undefined;
  if (user === undefined || !deps.isActingAgent(user)) {
    throw invalidField("/agentEmail", "is not the address of a support agent");
  }
  return { userId: user.userId, name: user.email };
}

/** What is refused of a session that has ended. */
export function sessionOver(): AppError {
  return new AppError("conflict", "The session is over.");
}
