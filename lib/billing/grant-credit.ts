import type { Trail } from "../activity/trail.ts";
import { ATTO_DECIMALS, type Atto, formatDecimal } from "../decimal.ts";
import { AppError, invalidField, notFound } from "../errors.ts";
import type { TenantStore } from "../identity/tenant-store.ts";
import type { EpochMs } from "../time.ts";
import type { CardStore } from "./card-store.ts";
import type { CreditStore, KeptCredit } from "./credit-store.ts";
import { findMinorUnit } from "./currency.ts";
import { cardInForce } from "./rate-card.ts";

/** What granting a credit needs. */
export interface GrantCreditDeps {
  readonly tenants: Pick<TenantStore, "get">;
  readonly cards: Pick<CardStore, "all">;
  readonly credits: Pick<CreditStore, "grant">;
  readonly newId: (prefix: "crd", atMs: EpochMs) => string;
}

/** A credit to be granted. */
export interface GrantCredit {
  readonly tenantId: string;
  readonly amount: Atto;
  /** ISO 4217; that of the rate card in force where it is left out. */
  readonly currency: string | undefined;
  readonly expiresAtMs: EpochMs | undefined;
  readonly reason: string;
  readonly nowMs: EpochMs;
}

/**
 * Grants a tenant a balance that pays its invoices first, from the next one that becomes final on.
 * @throws AppError `not_found`, `request.invalid`, `unprocessable` where no card says which currency
 */
export async function grantCredit(
  deps: GrantCreditDeps,
  input: GrantCredit,
  trail: Trail,
): Promise<KeptCredit> {
  const { tenantId, amount, expiresAtMs = null, reason, nowMs } = input;
  if ((await deps.tenants.get(tenantId)) === undefined) throw notFound();
  const currency = input.currency ?? cardInForce(await deps.cards.all(), nowMs)?.currency;
  if (currency === undefined)
    throw new AppError("unprocessable", "No rate card is in force: name a currency.");
  const decimals = findMinorUnit(currency);
  if (decimals === undefined) throw invalidField("/currency", "must be a currency of ISO 4217, such as USD");
  const unit = 10n ** BigInt(ATTO_DECIMALS - decimals);
  if (amount <= 0n || amount % unit !== 0n) {
    throw invalidField("/amount", `must be above 0 and have at most ${decimals} decimals`);
  }
  if (expiresAtMs !== null && expiresAtMs <= nowMs)
    throw invalidField("/expiresAt", "must lie in the future");
  const shown = formatDecimal(amount / unit, decimals);
  const credit = {
    id: deps.newId("crd", nowMs),
    ...{ currency, amount: shown, balance: shown, grantedAtMs: nowMs, expiresAtMs, reason },
  };
  trail.note({ creditId: credit.id, amount: shown, currency, reason });
  await deps.credits.grant(tenantId, credit, trail);
  return credit;
}
