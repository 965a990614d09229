import type { Schemas } from "../client/api.ts";
import type { LiveMessage } from "../client/live-feed.ts";

/** What changes grants and requests. Reading them is on record as well, and must not lead to reading them again. */
const CHANGES: readonly string[] = ["support:request", "support:grant", "support:deny", "support:end"];

/** Whether grants and requests may be others after this message. */
export function changesSupport(message: LiveMessage): boolean {
  if (message.type === "session") return message.data.kind === "support";
  return message.type === "activity" && CHANGES.includes(message.data.action);
}

/** Somebody may look at a session. */
export type Grant = Schemas["SupportGrant"];

/** An agent asks to look at a session. */
export type SupportRequest = Schemas["SupportRequest"];

/** Something said in a session. */
export type Guidance = Schemas["Guidance"];
