import type { EpochMs } from "../time.ts";
import type { Observation, Rule, Sighting } from "./rule.ts";

/** What is remembered under one key: JSON, and bounded, so that it can be one row of a table. */
export interface Window {
  readonly observations: readonly Observation[];
  /** From then on it may be forgotten. */
  readonly expiresAtMs: EpochMs;
}

/** Windows by their keys, each of which begins with the tenant's id. */
export type Windows = ReadonlyMap<string, Window>;

/** Observations under one key. */
export const OBSERVATIONS_MAX = 150;
const IDS_MAX = 4;

/** A sighting with the record that it is of. */
export interface DatedSighting {
  readonly sighting: Sighting;
  readonly recordId: string;
  readonly atMs: EpochMs;
}

/**
 * The window with a sighting in it, and the observation that it became. Seeing the same record again changes
 * nothing.
 */
export function remember(
  window: Window | undefined,
  seen: DatedSighting,
  how: { readonly remembers: Rule["remembers"]; readonly windowMs: number },
): { readonly window: Window; readonly latest: Observation } {
  const before = window?.observations ?? [];
  const known = before.find((one) =>
    how.remembers === "each_label" ? one.label === seen.sighting.label : one.ids.includes(seen.recordId),
  );
  const latest = added(known, seen);
  const others = before.filter((one) => one !== known);
  const newestAtMs = Math.max(seen.atMs, ...before.map(({ lastAtMs }) => lastAtMs));
  // Twice the window, so that a record that comes late still finds the company that it had; and what is near it, so
  // that a whole history may come late.
  const isKept = ({ lastAtMs }: Observation): boolean =>
    lastAtMs >= newestAtMs - 2 * how.windowMs || Math.abs(lastAtMs - latest.lastAtMs) <= 2 * how.windowMs;
  const observations = [...others.filter(isKept), latest]
    .sort((a, b) => a.lastAtMs - b.lastAtMs)
    .slice(-OBSERVATIONS_MAX);
  return { window: { observations, expiresAtMs: newestAtMs + 2 * how.windowMs }, latest };
}

function added(known: Observation | undefined, { sighting, recordId, atMs }: DatedSighting): Observation {
  if (known?.ids.includes(recordId)) return known;
  const detail = sighting.detail ?? known?.detail;
  return {
    label: sighting.label,
    ...(detail === undefined ? {} : { detail }),
    atMs: Math.min(atMs, known?.atMs ?? atMs),
    lastAtMs: Math.max(atMs, known?.lastAtMs ?? atMs),
    weight: (known?.weight ?? 0) + (sighting.weight ?? 1),
    ids: [...(known?.ids ?? []), recordId].slice(-IDS_MAX),
  };
}

/**
 * The stretches of a window to be judged after `latest` came: for records in order the one that ends with it;
 * for one that came late those too that end with a later observation and still reach back to it.
 */
export function stretchesWith(
  window: Window,
  latest: Observation,
  windowMs: number,
): readonly (readonly Observation[])[] {
  const ends = window.observations.filter(
    ({ lastAtMs }) => lastAtMs >= latest.lastAtMs && lastAtMs - windowMs < latest.lastAtMs,
  );
  return ends.map((end) =>
    window.observations.filter(
      ({ lastAtMs }) => lastAtMs <= end.lastAtMs && lastAtMs > end.lastAtMs - windowMs,
    ),
  );
}
