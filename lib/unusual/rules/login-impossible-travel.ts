import { defineRule, evidenceOf, type Location, type Observation } from "../rule.ts";
import { isArrival } from "../signals.ts";

const EARTH_RADIUS_KM = 6371;
const HOUR_MS = 3_600_000;

/** One person comes in at two places between which nobody travels that fast. */
export const loginImpossibleTravel = defineRule({
  name: "login.impossible_travel",
  severity: "high",
  mitre: ["T1078"],
  // An airliner cruises at some 900 km/h; below 500 km addresses are placed too coarsely to tell.
  thresholds: { kmPerHour: 900, minimumKm: 500, windowSeconds: 86_400 },
  remembers: "each_label",
  observe: ({ record, location }) =>
    isArrival(record) && location !== undefined ? [{ key: record.actor.id, label: labelOf(location) }] : [],
  judge: (window, latest, { kmPerHour, minimumKm }) => {
    for (const other of window) {
      const km = distanceKm(placeOf(other), placeOf(latest));
      const hours = Math.abs(latest.lastAtMs - other.lastAtMs) / HOUR_MS;
      if (km >= minimumKm && km > kmPerHour * hours) {
        return {
          summary: `Two sign-ins ${Math.round(km)} km and ${Math.round(hours * 60)} minutes apart.`,
          evidence: evidenceOf([lastOf(other), lastOf(latest)]),
        };
      }
    }
    return undefined;
  },
});

function labelOf({ latitude, longitude }: Location): string {
  return `${latitude.toFixed(1)},${longitude.toFixed(1)}`;
}

function placeOf({ label }: Observation): Location {
  const [latitude = 0, longitude = 0] = label.split(",").map(Number);
  return { latitude, longitude };
}

function lastOf(observation: Observation): Observation {
  return { ...observation, ids: observation.ids.slice(-1) };
}

/** The great circle's length, by the haversine formula. */
function distanceKm(from: Location, to: Location): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const haversine = (angle: number): number => Math.sin(angle / 2) ** 2;
  const a =
    haversine(radians(to.latitude - from.latitude)) +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      haversine(radians(to.longitude - from.longitude));
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(a)));
}
