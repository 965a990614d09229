import type { MeteringInput } from "../usage/meter-usage.ts";
import type { MeterTotal } from "../usage/total-usage.ts";
import type { Meters, Period } from "../usage/usage.ts";
import type { Invoice } from "./invoice.ts";
import { metersOf, type RateCard } from "./rate-card.ts";
import { ratePeriod } from "./rate-period.ts";

/** What simulating needs of metering. */
export interface SimulateInvoiceDeps {
  readonly builtInMeters: Meters;
  readonly totalPeriod: (input: Omit<MeteringInput, "bucket">) => ReadonlyMap<string, MeterTotal>;
}

/** The body of `POST /v1/billing/simulate`, read and checked (contract section 11). */
export interface SimulateInvoiceInput
  extends Pick<MeteringInput, "sessions" | "attachments" | "gauges" | "counters"> {
  readonly tenantId: string;
  readonly period: Period;
  readonly rateCard: RateCard;
}

/** Rates events that are nowhere kept, by the very functions that close a month. Nothing is stored. */
export function simulateInvoice(deps: SimulateInvoiceDeps, input: SimulateInvoiceInput): Invoice {
  const { tenantId, rateCard, period, ...events } = input;
  const usage = deps.totalPeriod({ ...events, period, meters: metersOf(rateCard, deps.builtInMeters) });
  const content = ratePeriod(period, [{ card: rateCard, period, usage }]);
  return { id: null, number: null, tenantId, status: "draft", type: "regular", ...content };
}
