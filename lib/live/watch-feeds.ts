import type { EpochMs } from "../time.ts";
import {
  CONNECTION_LIFE_MS,
  type ConnectionStore,
  FAREWELL_MS,
  type FeedCheck,
  type LiveGateway,
} from "./connection.ts";
import type { Viewers } from "./viewer.ts";

/** What watching the open feeds needs. */
export interface WatchFeedsDeps {
  readonly connections: Pick<ConnectionStore, "takeDue" | "find" | "checkAt" | "remove">;
  readonly gateway: LiveGateway;
  readonly viewers: Viewers;
  readonly now: () => EpochMs;
  readonly onError: (connectionId: string, cause: unknown) => void;
}

/** How long a feed may wait for the stream to bring its opening; its client comes back. */
const OPENING_MS = 30_000;

/**
 * Looks at the feeds whose sessions may be over by now: nobody says so when time ends one. A session that is over is
 * ended, on record, which closes the feed with a word of it; what is still open two seconds later is closed without.
 */
export async function watchFeeds(deps: WatchFeedsDeps): Promise<void> {
  for await (const due of deps.connections.takeDue(deps.now())) {
    try {
      await check(deps, due);
    } catch (cause) {
      deps.onError(due.connectionId, cause);
      await deps.connections.checkAt({ ...due, atMs: deps.now() + FAREWELL_MS });
    }
  }
}

async function check(deps: WatchFeedsDeps, { connectionId, isLast }: FeedCheck): Promise<void> {
  const connection = await deps.connections.find(connectionId);
  if (connection === undefined) return;
  const nowMs = deps.now();
  const endsAtMs = connection.openedAtMs + CONNECTION_LIFE_MS;
  const isStillborn = !connection.isActive && nowMs >= connection.openedAtMs + OPENING_MS;
  if (isLast === true || isStillborn || nowMs >= endsAtMs) {
    await deps.gateway.close(connectionId);
    await deps.connections.remove(connection);
    return;
  }
  const viewer = await deps.viewers.look(connection);
  await deps.connections.checkAt(
    viewer === undefined
      ? { connectionId, atMs: nowMs + FAREWELL_MS, isLast: true }
      : { connectionId, atMs: Math.max(nowMs + 1, Math.min(viewer.overAtMs, endsAtMs)) },
  );
}
