import type { LiveMessage } from "./live.ts";

/** What changes grants and requests. Reading them is on record as well, and must not lead to reading them again. */
const CHANGES: readonly string[] = ["support:request", "support:grant", "support:deny", "support:end"];

/** Whether grants and requests may be others after this message. */
export function changesSupport(message: LiveMessage): boolean {
  if (message.type === "session") return message.data.kind === "support";
  return message.type === "activity" && CHANGES.includes(message.data.action);
}

/** What a grant and a request for one have in common. */
interface Parties {
  readonly id: string;
  readonly sessionId: string;
  readonly userId: string;
  readonly userName: string;
  readonly access: "view" | "guide";
  readonly reason: string;
  readonly expiresInSeconds: number;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** Somebody may look at a session. */
export interface Grant extends Parties {
  readonly status: "active" | "ended";
  readonly endReason?: string;
  readonly endedAt?: string;
  readonly origin: "user" | "agent";
  readonly agent?: { readonly id: string; readonly name: string };
  readonly supportSessionId?: string;
}

/** An agent asks to look at a session. */
export interface SupportRequest extends Parties {
  readonly status: "pending" | "approved" | "denied" | "expired";
  readonly agent: { readonly id: string; readonly name: string };
}

/** Something said in a session. */
export interface Guidance {
  readonly id: string;
  readonly sessionId: string;
  readonly from: { readonly type: "agent" | "user"; readonly id: string; readonly name: string };
  readonly text: string;
  readonly createdAt: string;
}
