import { formatDecimal, sumOf } from "../decimal.ts";
import type { EpochMs } from "../time.ts";
import { minorUnitOf } from "./currency.ts";
import { readMoney } from "./money.ts";

/** A balance in the tenant's favour. It can be used while `atMs < expiresAtMs`; `null` never expires. */
export interface Credit {
  /** `crd_…` */
  readonly id: string;
  /** ISO 4217. */
  readonly currency: string;
  /** What is left of it, in the currency's decimals. */
  readonly balance: string;
  readonly grantedAtMs: EpochMs;
  readonly expiresAtMs: EpochMs | null;
}

/** What one credit pays of an invoice. */
export interface CreditUse {
  readonly creditId: string;
  readonly amount: string;
}

/** How a total is paid: by credits, and `amountDue` is the rest. */
export interface Payment {
  readonly applied: readonly (CreditUse & {
    readonly balanceBefore: string;
    readonly balanceAfter: string;
  })[];
  readonly amountDue: string;
}

/** Credits that one invoice takes: they are written in one transaction with it. Others wait for the next one. */
const CREDITS_MAX = 50;

/**
 * Pays a total from credits first: those that expire soonest, then those granted first, then by id. Credits in
 * another currency, expired or used up are left alone, and a total of zero or less needs none.
 */
export function applyCredits(
  invoice: { readonly total: string; readonly currency: string },
  credits: readonly Credit[],
  atMs: EpochMs,
): Payment {
  const decimals = minorUnitOf(invoice.currency);
  let due = readMoney(invoice.total, invoice.currency);
  const applied: Payment["applied"][number][] = [];
  for (const credit of usableCredits(credits, invoice.currency, atMs)) {
    const balance = readMoney(credit.balance, credit.currency);
    if (balance <= 0n || due <= 0n || applied.length === CREDITS_MAX) continue;
    const rest = due > balance ? due - balance : 0n;
    const amount = due - rest;
    applied.push({
      creditId: credit.id,
      amount: formatDecimal(amount, decimals),
      balanceBefore: credit.balance,
      balanceAfter: formatDecimal(balance - amount, decimals),
    });
    due = rest;
  }
  return { applied, amountDue: formatDecimal(due, decimals) };
}

/** What is left of the credits that can be used at a time. */
export function creditBalance(credits: readonly Credit[], currency: string, atMs: EpochMs): string {
  const balances = usableCredits(credits, currency, atMs).map(({ balance }) => readMoney(balance, currency));
  return formatDecimal(sumOf(balances), minorUnitOf(currency));
}

function usableCredits(credits: readonly Credit[], currency: string, atMs: EpochMs): readonly Credit[] {
  return credits.filter((credit) => credit.currency === currency && atMs < expiry(credit)).sort(bySoonestEnd);
}

function bySoonestEnd(a: Credit, b: Credit): number {
  if (expiry(a) !== expiry(b)) return expiry(a) < expiry(b) ? -1 : 1;
  if (a.grantedAtMs !== b.grantedAtMs) return a.grantedAtMs - b.grantedAtMs;
  return a.id < b.id ? -1 : 1;
}

function expiry(credit: Credit): EpochMs {
  return credit.expiresAtMs ?? Number.POSITIVE_INFINITY;
}
