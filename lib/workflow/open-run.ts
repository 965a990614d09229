import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { User } from "../identity/user.ts";
import type { TenantPolicy } from "../session/policy.ts";
import type { Device, Session, SessionEnd, Workflow } from "../session/session.ts";
import type { CiTokenProof, SessionStore } from "../session/session-store.ts";
import type { SessionStart } from "../session/start-session.ts";
import type { EpochMs } from "../time.ts";
import { invalidSubject, OAuthError } from "./oauth-error.ts";
import type { WorkflowRunStore } from "./workflow-run.ts";

/** What opening a session of a run needs. */
export interface OpenRunDeps {
  readonly runs: Pick<WorkflowRunStore, "find" | "useToken">;
  readonly sessions: Pick<SessionStore, "get">;
  readonly startSession: (start: SessionStart, trail: Trail) => Promise<Session>;
  readonly endOf: (session: Session, policy: TenantPolicy, nowMs: EpochMs) => SessionEnd | undefined;
  readonly describeDevice: (userAgent: string, name: string | undefined) => Device;
  readonly now: () => EpochMs;
}

/** What telling whether a program may come from where it is needs. */
export interface CheckPlaceDeps {
  readonly isAddressAllowed: (ip: string, cidrs: readonly string[]) => boolean;
}

/** Where a request comes from. */
export interface WorkflowPlace {
  readonly ip: string;
  readonly userAgent: string;
}

/** A program that has proved which key it has or which rule trusts it, and the run that it is of. */
export interface OpenRun {
  /** The key or the trust rule, as a session takes its user. */
  readonly principal: User;
  readonly tenant: Tenant;
  readonly workflow: Workflow;
  readonly place: WorkflowPlace;
  /** How it was proved. */
  readonly amr: readonly string[];
  /** Used up with it. */
  readonly proof?: CiTokenProof | undefined;
  /** When the key is over. */
  readonly notAfterMs?: EpochMs | undefined;
}

const ATTEMPTS = 5;

/**
 * Opens the session of a run, or finds the one that its key or rule has in it already: a job that asks for its next
 * token, and the jobs beside it, are one session. Of two that ask at once one opens it.
 * @throws OAuthError `invalid_request` for a token used before, `unauthorized_client` for a closed run;
 * SessionLimitReached; AppError `unavailable`
 */
export async function openRun(deps: OpenRunDeps, open: OpenRun, trail: Trail): Promise<Session> {
  const { principal, tenant, workflow } = open;
  const { tenantId, policy } = tenant;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const run = await deps.runs.find({ tenantId, runId: workflow.runId });
    if (run.isClosed) throw new OAuthError("unauthorized_client", "The run was ended: begin another.");
    const seated = run.seats.get(principal.userId);
    const session = seated === undefined ? undefined : await deps.sessions.get(tenantId, seated);
    if (session !== undefined && deps.endOf(session, policy, deps.now()) === undefined) {
      return await join(deps, { session, open }, trail);
    }
    const started = await start(deps, { open, replaces: seated }, trail);
    if (started !== undefined) return started;
  }
  throw new AppError("unavailable", "Too many jobs of this run at once: try again.");
}

async function join(
  deps: Pick<OpenRunDeps, "runs">,
  { session, open }: { readonly session: Session; readonly open: OpenRun },
  trail: Trail,
): Promise<Session> {
  const { principal, tenant, workflow, proof } = open;
  trail.by({ ...ownerOf(principal, tenant), sessionId: session.sessionId, workflow: session.workflow });
  trail.about({ type: "session", id: session.sessionId });
  trail.note({ joined: true });
  if (proof !== undefined) {
    const ref = { tenantId: tenant.tenantId, runId: workflow.runId };
    if ((await deps.runs.useToken(ref, proof, trail)) === "used") throw usedBefore();
  }
  return session;
}

/** `undefined` where somebody else took the place first, or the run was closed: it is to be read again. */
async function start(
  deps: OpenRunDeps,
  { open, replaces }: { readonly open: OpenRun; readonly replaces: string | undefined },
  trail: Trail,
): Promise<Session | undefined> {
  const { principal, tenant, workflow, place, proof } = open;
  trail.by({ ...ownerOf(principal, tenant), workflow });
  try {
    const session = await deps.startSession(
      {
        ...{ user: principal, tenant, kind: "workflow", workflow, ...place },
        device: deps.describeDevice(place.userAgent, undefined),
        amr: open.amr,
        authTimeMs: deps.now(),
        proofs: proof === undefined ? [] : [proof],
        seat: { replaces },
        notAfterMs: open.notAfterMs,
      },
      trail,
    );
    trail.about({ type: "session", id: session.sessionId });
    return session;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    if (thrown.code === "conflict") return undefined;
    throw thrown.code === "mfa.invalid_code" ? usedBefore() : thrown;
  }
}

/** Holds a program to the addresses that the tenant allows. @throws OAuthError `unauthorized_client` */
export function checkPlace(
  { isAddressAllowed }: CheckPlaceDeps,
  { policy: { ipAllowList } }: Tenant,
  { ip }: Pick<WorkflowPlace, "ip">,
): void {
  if (ipAllowList.length > 0 && !isAddressAllowed(ip, ipAllowList)) {
    throw new OAuthError("unauthorized_client", "The tenant does not allow this address.");
  }
}

/** Whose record it is. */
export function ownerOf(principal: User, { tenantId, policy }: Tenant) {
  return {
    tenantId,
    actor: { type: "key", id: principal.userId, name: principal.name } as const,
    retentionDays: policy.activityRetentionDays,
  };
}

function usedBefore(): OAuthError {
  return invalidSubject("The token was used before: ask the provider for another.");
}
