import { notFound } from "../errors.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { EpochMs } from "../time.ts";
import type { Attachment } from "../usage/usage.ts";
import type { Session } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

/** A session that was kept elsewhere and is over. Ids are that platform's own. */
export interface ImportedSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly userName?: string;
  readonly startedAtMs: EpochMs;
  readonly endedAtMs: EpochMs;
}

/** A history of sessions, and which of them held which resources from when to when. */
export interface ImportSessions {
  readonly tenantId: string;
  /** The record that the tenant's own log is to have of this. */
  readonly activityId: string;
  readonly sessions: readonly ImportedSession[];
  readonly attachments: readonly Attachment[];
}

/** One that was not taken, by its place in its list. */
export interface RejectedImport {
  readonly index: number;
  readonly code: "import.conflict" | "import.session_unknown";
  readonly message: string;
}

/** What became of a list. Each entry is counted once, in one of the three. */
export interface ImportTally {
  readonly imported: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedImport[];
}

/** What became of both lists, and the tenant that they belong to. */
export interface ImportedSessions {
  readonly tenant: Tenant;
  readonly sessions: ImportTally;
  readonly attachments: ImportTally;
}

/** `known` for what was imported before just so, `conflict` for what is there and is another. */
export type ImportOutcome = "added" | "known" | "conflict";

/** Keeps what is imported. What is there already is never changed. */
export interface ImportStore {
  /** Answers for each, in order. A part may be stored when it throws: repeating it is harmless. */
  addSessions(sessions: readonly Session[], keptUntilMs: EpochMs): Promise<readonly ImportOutcome[]>;
  /** Answers for each, in order; of two of one instant, the earlier in the list was attached first. */
  addAttachments(tenantId: string, attachments: readonly Attachment[]): Promise<readonly ImportOutcome[]>;
}

/** What importing needs. `sortKey` gives a place in lists by a session's start, the same for the same material. */
export interface ImportSessionsDeps {
  readonly tenants: { get(tenantId: string): Promise<Tenant | undefined> };
  readonly sessions: Pick<SessionStore, "getMany">;
  readonly imports: ImportStore;
  /** Is told of attachments before they are written: they change what has been metered. */
  readonly announceAttachments: (of: {
    readonly tenantId: string;
    readonly attachments: readonly Attachment[];
  }) => Promise<void>;
  readonly sortKey: (startedAtMs: EpochMs, material: string) => string;
  readonly now: () => EpochMs;
}

const DAY_MS = 86_400_000;

/**
 * Imports a history into a tenant, each id once, however often it is sent: to be listed, metered and billed, and never
 * to sign in with. What contradicts what was imported before is rejected, and the rest is taken.
 * @throws AppError `not_found` for a tenant that is none
 */
export async function importSessions(
  deps: ImportSessionsDeps,
  input: ImportSessions,
): Promise<ImportedSessions> {
  const tenant = await deps.tenants.get(input.tenantId);
  if (tenant === undefined) throw notFound();
  const keptUntilMs = deps.now() + tenant.policy.activityRetentionDays * DAY_MS;
  const rows = input.sessions.map((session) => toSession(deps, input.tenantId, session));
  const sessions = tally(await deps.imports.addSessions(rows, keptUntilMs));
  const known = await knownSessions(deps, input);
  const held = input.attachments.filter(({ sessionId }) => known.has(sessionId));
  const { activityId } = input;
  await deps.announceAttachments({ tenantId: input.tenantId, attachments: held });
  const outcomes = await deps.imports.addAttachments(
    input.tenantId,
    held.map((attachment) => ({ ...attachment, beganBy: activityId, endedBy: activityId })),
  );
  const byAttachment = new Map(held.map((attachment, place) => [attachment, outcomes[place]]));
  const attachments = tally(input.attachments.map((attachment) => byAttachment.get(attachment) ?? "unknown"));
  return { tenant, sessions, attachments };
}

/** Only what was imported may be attached: what this platform's own sessions hold, they say themselves. */
async function knownSessions(
  deps: Pick<ImportSessionsDeps, "sessions">,
  { tenantId, attachments }: ImportSessions,
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(attachments.map(({ sessionId }) => sessionId))];
  const sessions = await deps.sessions.getMany(tenantId, ids);
  return new Set(sessions.filter(({ source }) => source === "import").map(({ sessionId }) => sessionId));
}

function tally(outcomes: readonly (ImportOutcome | "unknown")[]): ImportTally {
  const count = (wanted: ImportOutcome) => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    imported: count("added"),
    duplicates: count("known"),
    rejected: outcomes.flatMap((outcome, index): readonly RejectedImport[] => {
      if (outcome === "conflict") {
        return [{ index, code: "import.conflict", message: "is there already, with another content" }];
      }
      if (outcome === "unknown") {
        return [{ index, code: "import.session_unknown", message: "sessionId is not an imported session" }];
      }
      return [];
    }),
  };
}

function toSession(
  deps: Pick<ImportSessionsDeps, "sortKey">,
  tenantId: string,
  { sessionId, userId, userName, startedAtMs, endedAtMs }: ImportedSession,
): Session {
  return {
    ...{ tenantId, sessionId, userId },
    ...(userName === undefined ? {} : { userName }),
    kind: "interactive",
    source: "import",
    sortKey: deps.sortKey(startedAtMs, JSON.stringify([tenantId, sessionId])),
    device: { browser: "", os: "", type: "unknown" },
    ip: "",
    userAgent: "",
    createdAtMs: startedAtMs,
    lastSeenAtMs: endedAtMs,
    idleExpiresAtMs: endedAtMs,
    absoluteExpiresAtMs: endedAtMs,
    amr: [],
    roles: [],
    authTimeMs: startedAtMs,
    refreshGeneration: 0,
    refreshRotatedAtMs: startedAtMs,
    // Nobody says why it ended: the API does not show this reason.
    end: { reason: "logged_out", atMs: endedAtMs },
  };
}
