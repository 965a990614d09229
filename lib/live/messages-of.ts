import type { ActivityRecord } from "../activity/activity.ts";
import type { Session } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { GuidanceMessage, GuidanceStore } from "../support/guidance.ts";
import type { Alert } from "../unusual/alert.ts";
import type { AlertStore } from "../unusual/alert-store.ts";
import type { LiveMessage } from "./live-message.ts";
import { hears, maySee, type Viewer } from "./viewer.ts";

/** What telling records as messages needs. */
export interface MessagesOfDeps {
  readonly sessions: Pick<SessionStore, "getMany">;
  readonly alerts: Pick<AlertStore, "get">;
  readonly guidance: Pick<GuidanceStore, "get">;
  /** The forms in which the API shows things. */
  readonly show: {
    activity(record: ActivityRecord, viewer: Pick<Viewer, "watching">): object;
    session(session: Session, viewer: Pick<Viewer, "sessionId" | "policy">): object;
    alert(alert: Alert): object;
    guidance(message: GuidanceMessage): object;
  };
}

/** A record with what it is about, read once for all who look. */
export interface Story {
  readonly record: ActivityRecord;
  /** The session that the record says has begun or ended. */
  readonly session?: Session;
  /** The alert that the record says was opened or moved. */
  readonly alert?: Alert;
  /** What the record says was said. */
  readonly guidance?: GuidanceMessage;
}

/** Some records with what they are about, and whose their sessions are. */
export interface Stories {
  readonly stories: readonly Story[];
  readonly ownerOf: ReadonlyMap<string, string>;
}

const SESSION_CHANGE = /^session:(start|end)$/;
const ALERT_CHANGE = /^alert:(open|acknowledge|close)$/;
const SAID = "support:guide";

/** Reads what some records of one tenant are about. */
export async function storiesOf(
  deps: Pick<MessagesOfDeps, "sessions" | "alerts" | "guidance">,
  tenantId: string,
  records: readonly ActivityRecord[],
): Promise<Stories> {
  const sessionIds = new Set(records.flatMap(({ sessionId }) => sessionId ?? []));
  const found = await deps.sessions.getMany(tenantId, [...sessionIds]);
  const bySession = new Map(found.map((session) => [session.sessionId, session]));
  const stories = await Promise.all(
    records.map(async (record): Promise<Story> => {
      const { action, outcome, sessionId = "" } = record;
      if (outcome !== "success") return { record };
      const session = SESSION_CHANGE.test(action) ? bySession.get(sessionId) : undefined;
      const [alert, guidance] = await Promise.all([alertOf(deps, record), guidanceOf(deps, record)]);
      return {
        record,
        ...(session === undefined ? {} : { session }),
        ...(alert === undefined ? {} : { alert }),
        ...(guidance === undefined ? {} : { guidance }),
      };
    }),
  );
  return { stories, ownerOf: new Map(found.map(({ sessionId, userId }) => [sessionId, userId])) };
}

async function alertOf(
  { alerts }: Pick<MessagesOfDeps, "alerts">,
  { tenantId, action, resource }: ActivityRecord,
): Promise<Alert | undefined> {
  if (!ALERT_CHANGE.test(action) || resource === undefined) return undefined;
  return (await alerts.get(tenantId, resource.id))?.alert;
}

async function guidanceOf(
  { guidance }: Pick<MessagesOfDeps, "guidance">,
  { tenantId, action, resource, attributes }: ActivityRecord,
): Promise<GuidanceMessage | undefined> {
  const messageId = action === SAID ? attributes?.["messageId"] : undefined;
  if (typeof messageId !== "string" || resource === undefined) return undefined;
  return await guidance.get(tenantId, resource.id, messageId);
}

/** What a viewer is told of a record: nothing, or the record, and then what it is about as it is now. */
export function messagesOf(
  { show }: Pick<MessagesOfDeps, "show">,
  { record, session, alert, guidance }: Story,
  { viewer, ownerOf }: { readonly viewer: Viewer; readonly ownerOf: ReadonlyMap<string, string> },
): readonly LiveMessage[] {
  const isSeen = maySee(viewer, record, ownerOf);
  return [
    ...(isSeen ? [{ type: "activity", data: show.activity(record, viewer) } as const] : []),
    ...(isSeen && session !== undefined
      ? [{ type: "session", data: show.session(session, viewer) } as const]
      : []),
    ...(alert !== undefined && viewer.seesAlerts
      ? [{ type: "alert", data: show.alert(alert) } as const]
      : []),
    ...(guidance !== undefined && hears(viewer, record, guidance)
      ? [{ type: "guidance", data: show.guidance(guidance) } as const]
      : []),
  ];
}
