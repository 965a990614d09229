import type { Operations, Schemas } from "../client/api.ts";

/** A line of an invoice. Quantities and amounts are decimal text. */
export type InvoiceLine = Schemas["InvoiceLine"];

export type Invoice = Schemas["Invoice"];

/** This month so far. */
export type Preview = Operations["GET /v1/billing/preview"]["answer"];

export type Budget = Schemas["Budget"];

/** What a session was charged over all lines. */
export interface SessionCost {
  readonly sessionId: string;
  readonly userId: string;
  readonly amounts: readonly string[];
}

/** Gathers the amounts of each session. */
export function costBySession(lines: readonly InvoiceLine[]): readonly SessionCost[] {
  const all = lines.flatMap(({ sessions }) => sessions);
  return [...Map.groupBy(all, ({ sessionId }) => sessionId)].map(([sessionId, parts]) => ({
    sessionId,
    userId: parts[0]?.userId ?? "",
    amounts: parts.map(({ amount }) => amount),
  }));
}
