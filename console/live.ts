import { post } from "./api.ts";
import type { Activity, Alert, Session } from "./documents.ts";
import { createStore } from "./store.ts";
import type { Guidance } from "./support.ts";

/** What the feed brings. */
export type LiveMessage =
  | { readonly type: "activity"; readonly data: Activity }
  | { readonly type: "session"; readonly data: Session }
  | { readonly type: "alert"; readonly data: Alert }
  | { readonly type: "guidance"; readonly data: Guidance };

/** Whether the feed is open. */
export const feedState = createStore<"off" | "connecting" | "live">("off");

/** Whose feed it is, and what to do when the session ends. */
interface Feed {
  readonly sessionId: string;
  ended(reason: string): void;
}

/** API Gateway closes a connection that is silent for ten minutes. */
const PING_MS = 5 * 60_000;
const RETRY_MS_MAX = 8000;

const listeners = new Set<(message: LiveMessage) => void>();
let feed: Feed | undefined;
let socket: WebSocket | undefined;
let sinceId = "";
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Calls back with each message until the returned function is called. */
export function onLive(listener: (message: LiveMessage) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Opens the feed and keeps it open, missing nothing in between. */
export function openFeed(next: Feed): void {
  if (feed?.sessionId === next.sessionId && socket !== undefined) return;
  closeFeed();
  feed = next;
  void connect();
}

/** Closes the feed for good. */
export function closeFeed(): void {
  feed = undefined;
  sinceId = "";
  clearTimeout(retry);
  socket?.close();
  socket = undefined;
  feedState.set("off");
}

async function connect(): Promise<void> {
  const mine = feed;
  if (mine === undefined) return;
  feedState.set("connecting");
  try {
    // Where the session is over, this is where it shows.
    const { url } = await post<{ url: string }>("/v1/live/tickets", {}, { background: true });
    if (feed === mine) listen(new WebSocket(sinceId === "" ? url : `${url}&since=${sinceId}`));
  } catch {
    reconnect();
  }
}

function listen(opened: WebSocket): void {
  socket = opened;
  const ping = setInterval(() => {
    // A slow connection may not be open yet, or be closing.
    if (opened.readyState === WebSocket.OPEN) opened.send('{"type":"ping"}');
  }, PING_MS);
  opened.addEventListener("open", () => {
    failures = 0;
    feedState.set("live");
  });
  opened.addEventListener("message", ({ data }) => hear(String(data)));
  opened.addEventListener("close", () => {
    clearInterval(ping);
    if (socket !== opened) return;
    socket = undefined;
    // A place too far back is refused, and would be for ever.
    if (failures > 1) sinceId = "";
    reconnect();
  });
}

function reconnect(): void {
  if (feed === undefined) return;
  feedState.set("connecting");
  failures += 1;
  clearTimeout(retry);
  retry = setTimeout(() => void connect(), Math.min(RETRY_MS_MAX, 250 * 2 ** failures));
}

function hear(text: string): void {
  const message = JSON.parse(text) as LiveMessage;
  if (message.type === "activity") sinceId = message.data.id;
  for (const listener of [...listeners]) listener(message);
  if (message.type !== "session") return;
  const { id, status, endReason } = message.data;
  if (id === feed?.sessionId && status === "ended") feed.ended(endReason ?? "revoked");
}
