import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import { type AlertRules, type AlertRulesStore, settingsOf, type WantedRule } from "./alert-rules.ts";

/** Whose rules to replace, and by what. */
export interface ReplaceAlertRules {
  readonly tenantId: string;
  readonly wanted: readonly WantedRule[];
  /** The version that the client has seen. */
  readonly expectedVersion: number | undefined;
}

/**
 * Replaces a tenant's settings of the rules: what comes in from now on is looked at by them.
 * @throws AppError `request.invalid`, `precondition.failed`, `conflict` where somebody else changed them meanwhile
 */
export async function replaceAlertRules(
  deps: { readonly rules: AlertRulesStore },
  { tenantId, wanted, expectedVersion }: ReplaceAlertRules,
  trail: Trail,
): Promise<AlertRules> {
  const settings = settingsOf(wanted);
  const before = await deps.rules.get(tenantId);
  if (expectedVersion !== undefined && expectedVersion !== before.version) {
    throw new AppError("precondition.failed", "The rules have changed since you read them: read them again.");
  }
  const after = { settings, version: before.version + 1 };
  if ((await deps.rules.replace({ tenantId, before, after }, trail)) === "moved") {
    throw new AppError("conflict", "Somebody else changes the rules at this moment: read them again.");
  }
  return after;
}
