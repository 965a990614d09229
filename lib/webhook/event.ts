import type { ActivityRecord } from "../activity/activity.ts";
import type { EpochMs } from "../time.ts";

/** What an endpoint can ask to be told of. */
export const EVENT_TYPES = [
  "session.started",
  "session.ended",
  "alert.opened",
  "alert.updated",
  "invoice.finalized",
  "budget.threshold",
] as const;

/** One of them. */
export type EventType = (typeof EVENT_TYPES)[number];

/** What a message is of: an event, or a trial that somebody asked for. */
export type MessageType = EventType | "webhook.test";

/** Something that happened, as endpoints are told of it. */
export interface WebhookEvent {
  readonly type: EventType;
  /** When it happened. */
  readonly timeMs: EpochMs;
  /** The thing as the API shows it, as it is when the message is made. */
  readonly data: object;
  /** Claims of a Security Event Token, where the event has such a form. */
  readonly claims?: object;
}

/** By the action of the record that it follows from. */
const TYPES_BY_ACTION: Readonly<Record<string, readonly EventType[]>> = {
  "session:start": ["session.started"],
  "session:end": ["session.ended"],
  "alert:open": ["alert.opened", "budget.threshold"],
  "alert:acknowledge": ["alert.updated"],
  "alert:close": ["alert.updated"],
  "invoice:finalize": ["invoice.finalized"],
};

/**
 * What may follow from a record. Others' records are in the same log under any name that they like: nothing follows
 * from those.
 */
export function typesOf({ action, outcome, source }: ActivityRecord): readonly EventType[] {
  return outcome === "success" && source !== "ingest" ? (TYPES_BY_ACTION[action] ?? []) : [];
}
