import type { ActivityReader, ActivityRecord } from "../activity/activity.ts";
import type { Mailer } from "../identity/mail.ts";
import { type EpochMs, toRfc3339 } from "../time.ts";
import { consequenceOf, type Notice } from "./notice.ts";
import { type SendResetDeps, sendReset } from "./password-reset.ts";
import type { Device } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import type { SignInStore } from "./sign-in-store.ts";

/** Remembers what was sent, for longer than a record can be delivered again. */
export interface SentMarks {
  has(recordId: string): Promise<boolean>;
  add(recordId: string, nowMs: EpochMs): Promise<void>;
}

/** What telling people of their accounts needs. */
export interface SendNoticeDeps extends SendResetDeps {
  readonly mailer: Mailer;
  readonly sentMarks: SentMarks;
  readonly sessions: Pick<SessionStore, "get" | "list">;
  readonly signIns: Pick<SignInStore, "read">;
  readonly activity: Pick<ActivityReader, "find">;
  readonly now: () => EpochMs;
}

/** How many letters for a new password an account is sent in an hour, whoever asks. */
const RESETS_PER_HOUR = 5;

const HOUR_MS = 3_600_000;

/** How many of a user's latest sessions a device is looked for in. */
const SESSIONS_LOOKED_AT = 200;

/**
 * Sends the letter that follows from a record, if any does. A record may come twice: the mark keeps the second letter
 * back, but for two deliveries at the very same time. Too many letters harm less than one that is missing.
 */
export async function sendNotice(deps: SendNoticeDeps, record: ActivityRecord): Promise<void> {
  const consequence = consequenceOf(record);
  if (consequence === undefined || (await deps.sentMarks.has(record.id))) return;
  switch (consequence.is) {
    case "notice":
      await send(deps, record, consequence.notice);
      break;
    case "sign_in":
      await tellOfNewDevice(deps, record);
      break;
    case "reset":
      await answerReset(deps, record);
      break;
  }
  await deps.sentMarks.add(record.id, deps.now());
}

async function send(deps: SendNoticeDeps, record: ActivityRecord, { subject, what }: Notice): Promise<void> {
  await deps.mailer.send({
    to: record.actor.name,
    subject,
    text: [
      what,
      `It was at ${toRfc3339(record.timeMs)} from ${record.ip}.`,
      `If it was not you, end your sessions and change your password: ${deps.publicUrl}`,
    ].join("\n\n"),
  });
}

/** Tells of a sign-in from a device that none of the user's earlier sessions was on. The first of all is no news. */
async function tellOfNewDevice(deps: SendNoticeDeps, record: ActivityRecord): Promise<void> {
  const { tenantId, sessionId = "", actor } = record;
  const started = await deps.sessions.get(tenantId, sessionId);
  if (started?.kind !== "interactive") return;
  const { sessions } = await deps.sessions.list({
    tenantId,
    userId: actor.id,
    limit: SESSIONS_LOOKED_AT,
    afterId: sessionId,
  });
  const earlier = sessions.filter(({ kind }) => kind === "interactive");
  const isKnown = earlier.some(({ device }) => isSameKind(device, started.device));
  if (earlier.length === 0 || isKnown) return;
  const { browser, os } = started.device;
  await send(deps, record, {
    subject: "A sign-in from a new device",
    what: `Somebody signed in to your account with ${browser} on ${os}.`,
  });
}

/** Versions change with every update and say nothing of the device. */
function isSameKind(one: Device, other: Device): boolean {
  return (["browser", "os", "type"] as const).every(
    (name) => withoutVersion(one[name]) === withoutVersion(other[name]),
  );
}

function withoutVersion(text: string): string {
  return text.replace(/ [\d._]+$/, "");
}

/** Sends the letter for a new password; a person who has none, or is barred, gets no letter. */
async function answerReset(deps: SendNoticeDeps, record: ActivityRecord): Promise<void> {
  const { tenantId, actor, timeMs } = record;
  const { account } = await deps.signIns.read({ tenantId, userId: actor.id });
  if (account?.passwordHash === undefined || account.user.disabled || account.tenant.status === "suspended") {
    return;
  }
  const { records } = await deps.activity.find({
    tenantId,
    userId: actor.id,
    action: record.action,
    fromMs: timeMs - HOUR_MS,
    order: "oldest_first",
    limit: RESETS_PER_HOUR,
  });
  const isAmongTheFirst = records.length < RESETS_PER_HOUR || records.some(({ id }) => id === record.id);
  if (isAmongTheFirst) await sendReset(deps, { ...account, passwordHash: account.passwordHash }, timeMs);
}
