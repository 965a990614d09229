import * as z from "zod";
import { metersOf } from "../../lib/billing/rate-card.ts";
import type { SimulateInvoiceInput } from "../../lib/billing/simulate-invoice.ts";
import {
  AttachmentInput,
  DecimalInput,
  ForeignId,
  MeterName,
  SessionFields,
  TimeInput,
} from "../../lib/http/metering-schema.ts";
import { findConflicts } from "../../lib/usage/find-conflicts.ts";
import {
  BUILT_IN_METERS,
  type CounterEvent,
  type GaugeReading,
  type Meters,
  type Period,
  type SessionSpan,
} from "../../lib/usage/usage.ts";
import { RateCardInput } from "./rate-card-schema.ts";

/** More of anything does not fit into a body of 1 MiB. */
const ITEMS_MAX = 20_000;

const PeriodInput = z
  .strictObject({ start: TimeInput, end: TimeInput })
  .refine(({ start, end }) => start < end, { path: ["end"], message: "must be after start" })
  .transform(({ start, end }): Period => ({ startAtMs: start, endAtMs: end }));

const SessionInput = z
  .strictObject(SessionFields)
  .refine(({ startedAt, endedAt }) => endedAt == null || startedAt <= endedAt, {
    path: ["endedAt"],
    message: "must not be before startedAt",
  })
  .transform(
    ({ id, userId, startedAt, endedAt }): SessionSpan => ({
      sessionId: id,
      userId,
      startedAtMs: startedAt,
      endedAtMs: endedAt ?? null,
    }),
  );

const GaugeInput = z
  .strictObject({
    id: ForeignId,
    resourceId: ForeignId,
    meter: MeterName,
    time: TimeInput,
    value: DecimalInput,
  })
  .transform(({ time, value, ...reading }): GaugeReading => ({ ...reading, atMs: time, level: value }));

const CounterInput = z
  .strictObject({
    id: ForeignId,
    resourceId: ForeignId,
    sessionId: ForeignId,
    meter: MeterName,
    time: TimeInput,
    value: DecimalInput,
  })
  .transform(({ time, value, ...event }): CounterEvent => ({ ...event, atMs: time, amount: value }));

/** The body of `POST /v1/billing/simulate` (contract section 11), read into what `simulateInvoice` takes. */
export const SimulateBody = z
  .strictObject({
    period: PeriodInput,
    rateCard: RateCardInput,
    sessions: z.array(SessionInput).max(ITEMS_MAX).default([]),
    attachments: z.array(AttachmentInput).max(ITEMS_MAX).default([]),
    gauges: z.array(GaugeInput).max(ITEMS_MAX).default([]),
    counters: z.array(CounterInput).max(ITEMS_MAX).default([]),
  })
  .superRefine((body, context) => {
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    refuseConflicts(body, report);
    refuseWrongKinds(
      body,
      new Map([...BUILT_IN_METERS, ...metersOf(body.rateCard, BUILT_IN_METERS)]),
      report,
    );
    if ((body.rateCard.effectiveFromAtMs ?? 0) > body.period.startAtMs) {
      report(["rateCard", "effectiveFrom"], "must not be after the start of the period");
    }
  })
  .transform(
    ({ rateCard, ...events }): Omit<SimulateInvoiceInput, "tenantId"> => ({
      ...events,
      rateCard: { ...rateCard, version: null, effectiveFromAtMs: events.period.startAtMs },
    }),
  );

type Report = (path: (string | number)[], message: string) => void;

interface Events {
  readonly sessions: readonly SessionSpan[];
  readonly gauges: readonly GaugeReading[];
  readonly counters: readonly CounterEvent[];
}

/** Whatever comes again must be the same: else the invoice would depend on the order. */
function refuseConflicts({ sessions, gauges, counters }: Events, report: Report): void {
  const message = "was given before with another content";
  for (const place of findConflicts(sessions, ({ sessionId }) => sessionId))
    report(["sessions", place, "id"], message);
  for (const place of findConflicts(gauges, ({ id }) => id)) report(["gauges", place, "id"], message);
  for (const place of findConflicts(counters, ({ id }) => id)) report(["counters", place, "id"], message);
}

/** An event that could not be metered is refused, so that no usage is lost in silence. */
function refuseWrongKinds({ gauges, counters }: Events, meters: Meters, report: Report): void {
  for (const [place, { meter }] of gauges.entries()) {
    if (meters.get(meter) !== "gauge")
      report(["gauges", place, "meter"], "is not a gauge that is known here");
  }
  for (const [place, { meter }] of counters.entries()) {
    const aggregation = meters.get(meter);
    if (aggregation === undefined || aggregation === "gauge") {
      report(["counters", place, "meter"], "is not a counter that is known here");
    }
  }
}
