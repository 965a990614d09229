import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import { parseRfc3339 } from "../../../lib/time.ts";
import type {
  Attachment,
  CounterEvent,
  GaugeReading,
  Meters,
  SessionSpan,
} from "../../../lib/usage/usage.ts";

/** The meters that the tests know. */
export const METERS: Meters = new Map([
  ["cpu", "gauge"],
  ["storage", "gauge"],
  ["network", "sum"],
  ["calls", "count"],
  ["peak", "max"],
  ["visitors", "unique"],
]);

/** A time on 23 November 2026, UTC. */
export const at = (clock: string) => parseRfc3339(`2026-11-23T${clock}Z`, "/");

/** That day. */
export const DAY = { startAtMs: at("00:00:00"), endAtMs: at("00:00:00") + 86_400_000 };

/** A session of the day; its user is named after it. */
export const session = (sessionId: string, from: string, to: string | null): SessionSpan => ({
  sessionId,
  userId: `user-of-${sessionId}`,
  startedAtMs: at(from),
  endedAtMs: to === null ? null : at(to),
});

/** A session holds a resource. */
export const attachment = (
  resourceId: string,
  sessionId: string,
  { from, to = null }: { readonly from: string; readonly to?: string | null },
): Attachment => ({ resourceId, sessionId, fromAtMs: at(from), toAtMs: to === null ? null : at(to) });

/** A vCPU level of a resource from a time on. */
export const cpu = (
  resourceId: string,
  clock: string,
  level: number,
  id = `${resourceId} ${clock}`,
): GaugeReading => ({
  id,
  resourceId,
  meter: "cpu",
  atMs: at(clock),
  level: BigInt(level) * ATTO_PER_UNIT,
});

/** An amount counted in a session. */
export const count = (
  id: string,
  {
    meter,
    sessionId,
    clock,
    amount,
  }: Record<"meter" | "sessionId" | "clock", string> & { readonly amount: number },
): CounterEvent => ({
  id,
  resourceId: "r1",
  sessionId,
  meter,
  atMs: at(clock),
  amount: BigInt(amount) * ATTO_PER_UNIT,
});
