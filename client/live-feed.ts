import type { Schemas } from "./api.ts";
import type { Client } from "./client.ts";
import { ActiveSessionError } from "./problem.ts";

/** What comes on a feed (contract section 5). */
export type LiveMessage =
  | { readonly type: "activity"; readonly data: Schemas["Activity"] }
  | { readonly type: "session"; readonly data: Schemas["Session"] }
  | { readonly type: "alert"; readonly data: Schemas["Alert"] }
  | { readonly type: "guidance"; readonly data: Schemas["Guidance"] };

/** As much of a WebSocket as the feed needs. */
export interface FeedSocket {
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close" | "error" | "open", listener: () => void): void;
  send(text: string): void;
  close(): void;
}

/** How a feed is opened. */
export interface FeedOptions {
  readonly onMessage: (message: LiveMessage) => void;
  /** Told when the connection is there, and each time that it is there again. */
  readonly onOpen?: () => void;
  /** Told each time that the connection is gone, whether it will be back or not. */
  readonly onClose?: () => void;
  /** Told when the feed could not go on from where it was, and began anew: what came meanwhile is in the log alone. */
  readonly onGap?: () => void;
  /** Told once, when the feed will not be opened again: its session is over, or it was closed. */
  readonly onEnd?: (error: unknown) => void;
  /** The last record that was seen: what came after it is told first. */
  readonly since?: string;
  readonly openSocket?: (url: string) => FeedSocket;
  /** The longest wait before it is opened again, in milliseconds; 30 000 unless it is given. */
  readonly waitMsMax?: number;
  /** Waits before it is opened again, in milliseconds. */
  readonly wait?: (ms: number) => Promise<void>;
  /** Calls back again and again, after so many milliseconds each, until the function that it gives is called. */
  readonly every?: (ms: number, work: () => void) => () => void;
}

/** A feed that is open, or about to be again. */
export interface LiveFeed {
  /** The last record that came. */
  lastSeen(): string | undefined;
  close(): void;
}

/** API Gateway closes a connection that is silent for ten minutes (Amazon API Gateway quotas, WebSocket APIs). */
const PING_MS = 5 * 60_000;

/** Openings in a row that may be refused before the feed begins anew. */
const REFUSALS_MAX = 5;

/**
 * Opens the live feed, and opens it again whenever it breaks, from the last record that came: nothing is missed, and
 * nothing told twice. It ends with its session.
 */
export function openLiveFeed(client: Client, options: FeedOptions): LiveFeed {
  const { wait = waitFor, waitMsMax = 30_000 } = options;
  const state: FeedState = { seen: options.since, told: new Set(), socket: undefined, closed: false };
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!state.closed) {
      const wasOpen = await connectOnce(client, options, state).catch(notWhileAway);
      if (state.closed) return;
      failures = wasOpen ? 0 : failures + 1;
      if (failures === REFUSALS_MAX && state.seen !== undefined) {
        // The last record is too far back to go on from, which a refused socket cannot say.
        state.seen = undefined;
        options.onGap?.();
      }
      await wait(Math.random() * Math.min(waitMsMax, 250 * 2 ** failures));
    }
  };
  run().then(
    () => options.onEnd?.(undefined),
    (error: unknown) => options.onEnd?.(error),
  );
  return {
    lastSeen: () => state.seen,
    close: () => {
      state.closed = true;
      state.socket?.close();
    },
  };
}

/** The service may be away for as long as it likes: what ends a feed is a refusal. */
function notWhileAway(thrown: unknown): false {
  if (!(thrown instanceof ActiveSessionError)) throw thrown;
  const { status } = thrown.problem;
  if (status === 0 || status === 429 || status >= 500) return false;
  throw thrown;
}

interface FeedState {
  seen: string | undefined;
  /** The last few records that were told, for those that come again where a feed begins anew. */
  readonly told: Set<string>;
  socket: FeedSocket | undefined;
  closed: boolean;
}

/** One connection, until it breaks; whether it was open at all. @throws ActiveSessionError when there is no session */
async function connectOnce(client: Client, options: FeedOptions, state: FeedState): Promise<boolean> {
  const { openSocket = webSocket, every = callEvery } = options;
  const { body } = await client.call("POST /v1/live/tickets");
  const url = new URL(body.url);
  if (state.seen !== undefined) url.searchParams.set("since", state.seen);
  const socket = openSocket(url.href);
  state.socket = socket;
  if (state.closed) socket.close();
  return await new Promise((resolve) => {
    let wasOpen = false;
    let stopPinging = (): void => undefined;
    socket.addEventListener("open", () => {
      wasOpen = true;
      stopPinging = every(PING_MS, () => socket.send('{"type":"ping"}'));
      options.onOpen?.();
    });
    socket.addEventListener("message", ({ data }) => take(options, state, String(data)));
    socket.addEventListener("close", () => {
      stopPinging();
      options.onClose?.();
      resolve(wasOpen);
    });
    // A close follows.
    socket.addEventListener("error", () => undefined);
  });
}

function waitFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function callEvery(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
}

function webSocket(url: string): FeedSocket {
  return new WebSocket(url);
}

/** Records remembered as told. */
const TOLD_MAX = 1000;

function take({ onMessage }: FeedOptions, state: FeedState, text: string): void {
  const message = JSON.parse(text) as LiveMessage;
  if (message.type === "activity") {
    const { id } = message.data;
    if (state.told.has(id)) return;
    state.told.add(id);
    if (state.told.size > TOLD_MAX) state.told.delete([...state.told][0] ?? "");
    // The feed goes on in the order in which records came in, which is not that of their ids.
    state.seen = id;
  }
  onMessage(message);
}
