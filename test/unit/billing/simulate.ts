import { SimulateBody } from "../../../functions/billing/simulate-schema.ts";
import { simulateInvoice } from "../../../lib/billing/simulate-invoice.ts";
import { parseWith } from "../../../lib/http/parse.ts";
import { totalPeriod } from "../../../lib/usage/total-usage.ts";
import { BUILT_IN_METERS } from "../../../lib/usage/usage.ts";

/** October 2026. */
export const OCTOBER = { start: "2026-10-01T00:00:00Z", end: "2026-11-01T00:00:00Z" };

/** What `POST /v1/billing/simulate` answers to a body, from schema to invoice. */
export const simulate = (body: unknown) =>
  simulateInvoice(
    { builtInMeters: BUILT_IN_METERS, totalPeriod },
    { ...parseWith(SimulateBody, body, ""), tenantId: "ten_1" },
  );

/** A month of one session that used so much of the network meter. */
export const networkMonth = (quantity: string, rateCard: object) =>
  simulate({
    period: OCTOBER,
    rateCard,
    sessions: [{ id: "s1", userId: "u1", startedAt: OCTOBER.start, endedAt: null }],
    attachments: [],
    gauges: [],
    counters:
      quantity === "0"
        ? []
        : [
            {
              id: "c1",
              resourceId: "r1",
              sessionId: "s1",
              meter: "network",
              time: "2026-10-05T00:00:00Z",
              value: quantity,
            },
          ],
  });

/** A card in USD that prices the network meter alone. */
export const networkCard = (price: object, card: object = {}) => ({
  currency: "USD",
  meters: [{ meter: "network", unit: "GiB", ...price }],
  ...card,
});
