/** A line of an invoice. Quantities and amounts are decimal text. */
export interface InvoiceLine {
  readonly meter: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice?: string;
  readonly packageSize?: string;
  readonly freeAllowance?: string;
  readonly tiers?: ReadonlyArray<{
    readonly upTo: string | null;
    readonly unitPrice: string;
    readonly flatFee?: string;
    readonly quantity: string;
    readonly amount: string;
  }>;
  readonly amount: string;
  readonly sessions: ReadonlyArray<{
    readonly sessionId: string;
    readonly userId: string;
    readonly quantity: string;
    readonly amount: string;
  }>;
}

interface Rated {
  readonly period: { readonly start: string; readonly end: string };
  readonly currency: string;
  readonly subtotal: string;
  readonly tax: string;
  readonly total: string;
  readonly rateCardVersion: number | null;
  readonly lines: readonly InvoiceLine[];
  readonly unattributed: ReadonlyArray<{
    readonly meter: string;
    readonly quantity: string;
    readonly unit: string;
  }>;
}

export interface Invoice extends Rated {
  readonly id: string;
  readonly number: string | null;
  readonly month: string;
  readonly status: "draft" | "final";
  readonly type: "regular" | "adjustment" | "credit_note";
  readonly digest: string;
  readonly createdAt: string;
  readonly finalizedAt?: string;
  readonly amountDue?: string;
}

/** This month so far. */
export interface Preview extends Rated {
  readonly forecast: { readonly total: string };
  readonly creditBalance: string;
}

export interface Budget {
  readonly amount: string;
  readonly thresholds: readonly number[];
}

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
