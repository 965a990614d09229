import type { Role } from "../access/statement.ts";
import type { Trail } from "../activity/trail.ts";
import { AppError, assertNever, invalidField } from "../errors.ts";
import type { Giver, Grants } from "../identity/grants.ts";
import type { Tenant } from "../identity/tenant.ts";
import { roleChanged } from "./create-api-key.ts";
import type { EndPrincipalSessions } from "./delete-api-key.ts";
import type { TrustDocument, TrustRule, TrustStore } from "./trust.ts";

/** What replacing the rules needs. */
export interface ReplaceTrustDeps {
  readonly trust: Pick<TrustStore, "read" | "replace">;
  readonly grants: Pick<Grants, "rolesToGive">;
  readonly endSessions: EndPrincipalSessions;
  /** Holds an issuer to where keys may be asked for. @throws AppError `request.invalid` with `pointer` */
  readonly checkIssuer: (issuer: string, pointer: string) => void;
  /** SHA-256, hex. */
  readonly sha256: (text: string) => string;
}

/** The rules that are to be, and who wants them. */
export interface ReplaceTrust {
  readonly by: Giver;
  readonly tenant: Tenant;
  readonly rules: readonly Omit<TrustRule, "ruleId">[];
  readonly expectedVersion: number | undefined;
}

const ATTEMPTS = 8;

/**
 * Replaces a tenant's rules. A rule that stays may keep roles that the caller does not hold; everything that is given
 * anew, also by asking for less than before, has to be held. The sessions of rules that are gone end.
 * @throws AppError `request.invalid`, `access.denied`, `precondition.failed`, `conflict`
 */
export async function replaceTrust(
  deps: ReplaceTrustDeps,
  input: ReplaceTrust,
  trail: Trail,
): Promise<TrustDocument> {
  const { tenant, expectedVersion } = input;
  const rules = input.rules.map((rule, index) => checkedRule(deps, tenant, { rule, index }));
  refuseTwins(rules);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await deps.trust.read(tenant.tenantId);
    if (expectedVersion !== undefined && expectedVersion !== before.version) {
      throw new AppError(
        "precondition.failed",
        "The rules have changed since you read them: read them again.",
      );
    }
    const roles = rules.flatMap((rule, index) => rolesGiven(deps, input.by, { before, rule, index }));
    const after = { rules, version: before.version + 1 };
    const change = { tenantId: tenant.tenantId, before, after, roles };
    const outcome = await deps.trust.replace(change, trail);
    switch (outcome) {
      case "done":
        await endGone(deps, tenant, { before, after, trail });
        return after;
      case "role_changed":
        throw roleChanged();
      case "moved":
        break;
      default:
        assertNever(outcome);
    }
  }
  throw new AppError("conflict", "Others are changing this all the time: try again.");
}

function checkedRule(
  deps: Pick<ReplaceTrustDeps, "checkIssuer" | "sha256">,
  { tenantId }: Tenant,
  { rule, index }: { readonly rule: Omit<TrustRule, "ruleId">; readonly index: number },
): TrustRule {
  deps.checkIssuer(rule.issuer, `/rules/${index}/issuer`);
  // Everybody has a run at a provider that is open to all: some claim has to say whose are trusted.
  if (!Object.values(rule.claims).some((pattern) => /[^*]/.test(pattern))) {
    throw invalidField(`/rules/${index}/claims`, "must ask something of at least one claim beside `*`");
  }
  const { provider, issuer, audience, claims } = rule;
  const asked = Object.entries(claims).sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = deps.sha256(JSON.stringify([tenantId, provider, issuer, audience, asked]));
  return { ...rule, ruleId: `rul_${digest.slice(0, 32)}` };
}

function refuseTwins(rules: readonly TrustRule[]): void {
  const seen = new Set<string>();
  for (const [index, { ruleId }] of rules.entries()) {
    if (seen.has(ruleId)) throw invalidField(`/rules/${index}`, "asks for the same as a rule before it");
    seen.add(ruleId);
  }
}

function rolesGiven(
  deps: Pick<ReplaceTrustDeps, "grants">,
  by: Giver,
  {
    before,
    rule,
    index,
  }: { readonly before: TrustDocument; readonly rule: TrustRule; readonly index: number },
): readonly Role[] {
  const had = before.rules.find(({ ruleId }) => ruleId === rule.ruleId)?.roles;
  return deps.grants.rolesToGive(by, {
    names: rule.roles,
    ...(had === undefined ? {} : { had }),
    pointer: `/rules/${index}/roles`,
  });
}

async function endGone(
  deps: Pick<ReplaceTrustDeps, "endSessions">,
  tenant: Tenant,
  moved: { readonly before: TrustDocument; readonly after: TrustDocument; readonly trail: Trail },
): Promise<void> {
  const { before, after, trail } = moved;
  const kept = new Set(after.rules.map(({ ruleId }) => ruleId));
  for (const { ruleId } of before.rules) {
    if (!kept.has(ruleId)) await deps.endSessions(tenant, ruleId, trail);
  }
}
