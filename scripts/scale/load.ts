import { DEFAULT_POLICY } from "../../lib/session/policy.ts";
import { lastSeenGraceMs } from "../../lib/session/session.ts";
import { ACCESS_TOKEN_LIFETIME_SECONDS } from "../../lib/session/token.ts";
import { TOUCH_COVERS_MS } from "../../lib/usage/open-series.ts";

/** The load that is simulated: what is given, and what is assumed of how people work. */
export interface Load {
  readonly seed: number;
  readonly tenants: number;
  readonly activeSessions: number;
  readonly usageEventsPerSecond: number;
  /** The part of everything that is the largest tenant's. */
  readonly hotTenantShare: number;
  /** The other tenants' sizes fall with their rank to this power. */
  readonly zipfExponent: number;
  /** The part of a tenant's requests that come from its busiest session, a program's. */
  readonly busiestSessionShare: number;
  /** The part of the active sessions that somebody is working in. */
  readonly busyShare: number;
  readonly secondsBetweenRequests: number;
  readonly sessionHours: number;
  /** The part of the sessions that somebody ends; the sweep finds the others. An end costs the same either way. */
  readonly signedOutShare: number;
  /** Letters and short messages for each sign-in. */
  readonly lettersPerSignIn: number;
  readonly textsPerSignIn: number;
  /** How requests divide: by the action that was counted. */
  readonly requestMix: Readonly<Record<string, number>>;
  readonly meteredResources: number;
  /** The part of a tenant's usage that is its busiest resource's. */
  readonly busiestResourceShare: number;
  readonly eventsPerBatch: number;
  readonly resourceHours: number;
}

/** Once the load that the issue names: 10 million active sessions, 100,000 tenants, 1 million usage events a second. */
export const LOAD: Load = {
  seed: 1,
  tenants: 100_000,
  activeSessions: 10_000_000,
  usageEventsPerSecond: 1_000_000,
  hotTenantShare: 0.2,
  zipfExponent: 1,
  busiestSessionShare: 0.01,
  busyShare: 0.2,
  secondsBetweenRequests: 20,
  sessionHours: 4,
  signedOutShare: 0.3,
  lettersPerSignIn: 0.05,
  textsPerSignIn: 0.1,
  requestMix: {
    "read on record": 0.55,
    "list on record": 0.25,
    "decision on record": 0.12,
    "state written": 0.08,
  },
  meteredResources: 1_000_000,
  busiestResourceShare: 0.05,
  eventsPerBatch: 100,
  resourceHours: 24,
};

/** How often each action happens, times a second. */
export function ratesOf(load: Load): ReadonlyMap<string, number> {
  const busy = load.activeSessions * load.busyShare;
  const requests = busy / load.secondsBetweenRequests;
  const turnover = load.activeSessions / (load.sessionHours * 3600);
  return new Map([
    ...Object.entries(load.requestMix).map(([name, share]) => [name, requests * share] as const),
    ["last seen", busy / (lastSeenGraceMs(DEFAULT_POLICY) / 1000)],
    ["refresh", busy / ACCESS_TOKEN_LIFETIME_SECONDS],
    ["password step", turnover],
    ["second factor", turnover],
    ["sign-out", turnover],
    ["machine made", load.meteredResources / (load.resourceHours * 3600)],
    ["usage batch of 100", load.usageEventsPerSecond / load.eventsPerBatch],
    ["3 series announced", load.meteredResources / (TOUCH_COVERS_MS / 1000)],
  ]);
}

/** Records that the log takes in a second. */
export function recordsPerSecond(load: Load, recordsOf: (action: string) => number): number {
  return [...ratesOf(load)].reduce((sum, [action, rate]) => sum + rate * recordsOf(action), 0);
}
