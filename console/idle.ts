import type { Session } from "./documents.ts";
import { createStore } from "./store.ts";

/**
 * When somebody last did something that the server has answered, in any tab of this browser. What the console does by
 * itself does not count, and it does little by itself: a page that is only looked at lets its session go idle.
 */
export const lastActiveMs = createStore(Date.now());

const tabs = new BroadcastChannel("active-session-idle");

tabs.addEventListener("message", ({ data }) => {
  if (typeof data === "number" && data > lastActiveMs.get()) lastActiveMs.set(Math.min(data, Date.now()));
});

/** Takes note of an action, for all tabs. */
export function markActive(): void {
  lastActiveMs.set(Date.now());
  tabs.postMessage(lastActiveMs.get());
}

/** How long the session may be idle, as the tenant's policy was when it was read. */
function idleTimeoutMs({ idleExpiresAt, lastSeenAt }: Session): number {
  return Date.parse(idleExpiresAt) - Date.parse(lastSeenAt);
}

const WARNING_MS_MAX = 120_000;

/** How long before the end one is asked: two minutes, or a third of a short timeout. */
export function warningMs(session: Session): number {
  return Math.min(WARNING_MS_MAX, idleTimeoutMs(session) / 3);
}

/** How long the session has left on this browser's clock. */
export function idleLeftMs(session: Session, nowMs: number): number {
  return lastActiveMs.get() + idleTimeoutMs(session) - nowMs;
}
