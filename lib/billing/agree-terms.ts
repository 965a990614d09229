import type { Trail } from "../activity/trail.ts";
import { AppError, notFound } from "../errors.ts";
import type { TenantStore } from "../identity/tenant-store.ts";
import type { Meters } from "../usage/usage.ts";
import type { CardStore } from "./card-store.ts";
import { checkOverride } from "./check-override.ts";
import type { CardOverride } from "./override-card.ts";
import type { BillingTerms, TermsStore } from "./terms.ts";

/** What agreeing terms with a tenant needs. */
export interface AgreeTermsDeps {
  readonly tenants: Pick<TenantStore, "get">;
  readonly cards: Pick<CardStore, "all">;
  readonly terms: Pick<TermsStore, "newest" | "replace">;
  readonly builtInMeters: Meters;
}

/** Which tenant is to pay what instead of the card. */
export interface AgreeTerms {
  readonly tenantId: string;
  readonly override: CardOverride;
  /** The version that the client has seen. */
  readonly expectedVersion: number | undefined;
}

/**
 * Puts terms in the place of a tenant's. They hold for every month that is not final yet.
 * @throws AppError `not_found`, `request.invalid` with pointers below `/override`, `precondition.failed`, `conflict`
 */
export async function agreeTerms(
  deps: AgreeTermsDeps,
  { tenantId, override, expectedVersion }: AgreeTerms,
  trail: Trail,
): Promise<BillingTerms> {
  if ((await deps.tenants.get(tenantId)) === undefined) throw notFound();
  const problems = checkOverride(override, await deps.cards.all(), deps.builtInMeters);
  if (problems.length > 0) {
    throw new AppError("request.invalid", "The override cannot be used.", {
      errors: problems.map(({ path, message }) => ({ pointer: ["/override", ...path].join("/"), message })),
    });
  }
  const before = await deps.terms.newest(tenantId);
  if (expectedVersion !== undefined && expectedVersion !== before.version) {
    throw new AppError("precondition.failed", "The terms have changed since you read them: read them again.");
  }
  const after = { version: before.version + 1, override };
  if ((await deps.terms.replace({ tenantId, before, after }, trail)) === "done") return after;
  throw new AppError("conflict", "Somebody else has changed the terms at the same moment: read them again.");
}
