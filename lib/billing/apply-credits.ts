import { formatDecimal } from "../decimal.ts";
import type { EpochMs } from "../time.ts";
import { minorUnitOf } from "./currency.ts";
import { readMoney } from "./money.ts";

/** A balance in the tenant's favour. It can be used while `atMs < expiresAtMs`; `null` never expires. */
export interface Credit {
  readonly id: string;
  readonly currency: string;
  /** What is left of it, in the currency's decimals. */
  readonly balance: string;
  readonly grantedAtMs: EpochMs;
  readonly expiresAtMs: EpochMs | null;
}

/** What credits paid of a total; `amountDue` is the rest. */
export interface CreditsApplied {
  readonly applied: readonly { readonly creditId: string; readonly amount: string }[];
  readonly amountDue: string;
}

/**
 * Pays a total from credits first: those that expire soonest, then those granted first, then by id. Credits in
 * another currency, expired or used up are left alone, and a total of zero or less needs none.
 */
export function applyCredits(
  invoice: { readonly total: string; readonly currency: string },
  credits: readonly Credit[],
  atMs: EpochMs,
): CreditsApplied {
  const decimals = minorUnitOf(invoice.currency);
  let due = readMoney(invoice.total, invoice.currency);
  const applied: { creditId: string; amount: string }[] = [];
  for (const credit of usableCredits(credits, invoice.currency, atMs)) {
    const balance = readMoney(credit.balance, credit.currency);
    if (balance <= 0n || due <= 0n) continue;
    const rest = due > balance ? due - balance : 0n;
    applied.push({ creditId: credit.id, amount: formatDecimal(due - rest, decimals) });
    due = rest;
  }
  return { applied, amountDue: formatDecimal(due, decimals) };
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
