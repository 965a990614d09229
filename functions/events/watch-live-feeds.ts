import { systemNow, systemPause } from "../../lib/aws/clock.ts";
import { env } from "../../lib/aws/env.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { livePorts } from "../../lib/aws/live-ports.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";
import { type WatchFeedsDeps, watchFeeds } from "../../lib/live/watch-feeds.ts";

interface WatchAllDeps extends ScheduleDeps, WatchFeedsDeps {
  readonly pause: (ms: number) => Promise<void>;
  /** How many times a run looks, a second apart: until the next one begins. */
  readonly looks: number;
}

const EVERY_MS = 1000;

/**
 * Closes feeds within seconds of the end of their sessions, where time ends them. Schedules come once a minute at most,
 * which is too seldom: a run goes on looking until the next one begins.
 */
export const createHandler = (deps: WatchAllDeps) =>
  scheduleHandler({ name: "watchLiveFeeds", every: "minute", run: () => watchForAWhile(deps) }, deps);

async function watchForAWhile(deps: WatchAllDeps): Promise<void> {
  for (let look = 1; look <= deps.looks; look++) {
    await watchFeeds(deps);
    if (look < deps.looks) await deps.pause(EVERY_MS);
  }
}

export const handler = createHandler({
  ...livePorts(),
  leases: leaseTable(),
  now: systemNow,
  pause: systemPause,
  looks: env.liveLooks,
  log: eventLog,
});
