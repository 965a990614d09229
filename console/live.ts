import type { LiveFeed, LiveMessage } from "../client/live-feed.ts";
import { liveFeed } from "./api.ts";
import { createStore } from "./store.ts";

/** Whether the feed is open. */
export const feedState = createStore<"off" | "connecting" | "live">("off");

/** Whose feed it is, and what to do when the session ends. */
interface Feed {
  readonly sessionId: string;
  ended(reason: string): void;
}

const WAIT_MS_MAX = 8000;

const listeners = new Set<(message: LiveMessage) => void>();
let open: { readonly sessionId: string; readonly feed: LiveFeed } | undefined;

/** Calls back with each message until the returned function is called. */
export function onLive(listener: (message: LiveMessage) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Opens the feed and keeps it open, missing nothing in between. */
export function openFeed({ sessionId, ended }: Feed): void {
  if (open?.sessionId === sessionId) return;
  closeFeed();
  feedState.set("connecting");
  const isMine = () => open?.feed === feed;
  const feed = liveFeed({
    waitMsMax: WAIT_MS_MAX,
    onOpen: () => isMine() && feedState.set("live"),
    onClose: () => isMine() && feedState.set("connecting"),
    onEnd: () => isMine() && closeFeed(),
    onMessage: (message) => {
      for (const listener of [...listeners]) listener(message);
      if (message.type !== "session") return;
      const { id, status, endReason } = message.data;
      if (id === sessionId && status === "ended") ended(endReason ?? "revoked");
    },
  });
  open = { sessionId, feed };
}

/** Closes the feed for good. */
export function closeFeed(): void {
  const before = open;
  open = undefined;
  before?.feed.close();
  feedState.set("off");
}
