import * as z from "zod";
import { type Boundary, type EvidenceInterval, levelTimeOf } from "../../lib/billing/evidence-intervals.ts";
import { explainLine, explainSession } from "../../lib/billing/explain-charge.ts";
import { QUANTITY_DECIMALS } from "../../lib/billing/invoice.ts";
import type { EvidenceEvent, LineEvidencePage, SessionEvidence } from "../../lib/billing/line-evidence.ts";
import { ATTO_PER_UNIT, formatAtto, formatDecimal, roundTo } from "../../lib/decimal.ts";
import { toRfc3339 } from "../../lib/time.ts";
import { HOUR_MS } from "../../lib/usage/usage.ts";

const Billed = z.object({ quantity: z.string(), amount: z.string() });

const BoundaryDocument = z.object({
  by: z
    .enum(["reading", "attached", "detached", "session_started", "session_ended", "period", "other_session"])
    .meta({
      description:
        "`reading`: the level changed. `period`: it was so before, or still is. `other_session`: one that had attached " +
        "before let go, or took over.",
    }),
  activityId: z.string().nullable(),
});

const Interval = z.object({
  resourceId: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  level: z.string(),
  levelMilliseconds: z.string().meta({ description: "Level × milliseconds, exactly." }),
  quantity: z.string().meta({ description: "That divided by 3600000, rounded to 9 decimals." }),
  began: BoundaryDocument,
  ended: BoundaryDocument,
});

const Event = z.object({
  resourceId: z.string(),
  time: z.iso.datetime(),
  value: z.string(),
  source: z.string(),
  id: z.string(),
  activityId: z.string().nullable().meta({ description: "The record of the request that brought it." }),
});

const Period = z.object({ start: z.iso.datetime(), end: z.iso.datetime() });

/** What a line of an invoice follows from. */
export const EvidenceDocument = z
  .object({
    invoiceId: z.string(),
    number: z.string().nullable(),
    currency: z.string(),
    meter: z.string(),
    ratedAt: z.iso.datetime(),
    lines: z
      .array(
        z.object({
          period: Period,
          rateCardVersion: z.int().nullable(),
          description: z.string(),
          quantity: z.string(),
          unit: z.string(),
          amount: z.string(),
          billedBefore: Billed.optional(),
          arithmetic: z.array(z.string()).meta({ description: "How it came to its amount, step by step." }),
        }),
      )
      .meta({ description: "One for each rate card that was in force in the period." }),
    items: z.array(
      z.object({
        sessionId: z.string(),
        userId: z.string(),
        period: Period,
        quantity: z.string(),
        amount: z.string(),
        billedBefore: Billed.optional(),
        arithmetic: z.string(),
        addsUp: z.boolean().meta({
          description:
            "Whether what is behind it adds up to its quantity; false where what it follows from has left the tables.",
        }),
        intervals: z.array(Interval),
        events: z.array(Event),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "LineEvidence" });

/** Shows a page of evidence, but for where the next one begins. */
export function evidenceDocument({ invoice, lines, sessions }: LineEvidencePage) {
  const { currency } = invoice;
  return {
    invoiceId: invoice.id,
    number: invoice.number,
    currency,
    meter: lines[0]?.meter,
    ratedAt: toRfc3339(invoice.ratedAtMs),
    lines: lines.map((line) => {
      const { period, rateCardVersion, description, quantity, unit, amount, billedBefore } = line;
      return {
        ...{ period, rateCardVersion, description, quantity, unit, amount },
        ...(billedBefore === undefined ? {} : { billedBefore }),
        arithmetic: explainLine(line, currency),
      };
    }),
    items: sessions.map((session) => sessionDocument(session, currency)),
  };
}

function sessionDocument(session: SessionEvidence, currency: string) {
  const { line, intervals, events, ...charge } = session;
  return {
    ...charge,
    period: line.period,
    arithmetic: explainSession(session, line, currency),
    intervals: intervals.map(intervalDocument),
    events: events.map(eventDocument),
  };
}

function intervalDocument(interval: EvidenceInterval) {
  const { resourceId, level, began, ended } = interval;
  const levelTime = levelTimeOf(interval);
  const quantity = roundTo({ over: levelTime, under: ATTO_PER_UNIT * BigInt(HOUR_MS) }, QUANTITY_DECIMALS);
  return {
    resourceId,
    from: toRfc3339(began.atMs),
    to: toRfc3339(ended.atMs),
    level: formatAtto(level),
    levelMilliseconds: formatAtto(levelTime),
    quantity: formatDecimal(quantity, QUANTITY_DECIMALS),
    began: boundaryDocument(began),
    ended: boundaryDocument(ended),
  };
}

function boundaryDocument({ by, activityId }: Boundary) {
  return { by, activityId };
}

function eventDocument({ resourceId, atMs, amount, source, eventId, activityId }: EvidenceEvent) {
  return {
    ...{ resourceId, time: toRfc3339(atMs), value: formatAtto(amount), source, id: eventId },
    activityId: activityId ?? null,
  };
}
