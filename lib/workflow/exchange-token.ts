import type { Trail } from "../activity/trail.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { TenantStore } from "../identity/tenant-store.ts";
import type { Session } from "../session/session.ts";
import type { CiTokenProof } from "../session/session-store.ts";
import { type CiTokens, matchesClaims, runOf, type UnverifiedToken, type VerifiedToken } from "./ci-token.ts";
import { invalidSubject, OAuthError } from "./oauth-error.ts";
import {
  type CheckPlaceDeps,
  checkPlace,
  type OpenRunDeps,
  openRun,
  type WorkflowPlace,
} from "./open-run.ts";
import { rulePrincipal } from "./principal.ts";
import { isOfSameIssuer, type TrustRule, type TrustStore } from "./trust.ts";

/** What exchanging a token needs. */
export interface ExchangeTokenDeps extends OpenRunDeps, CheckPlaceDeps {
  readonly ciTokens: CiTokens;
  readonly trust: Pick<TrustStore, "read" | "tenantsOf">;
  readonly tenants: Pick<TenantStore, "get">;
  /** Whether a pattern, in which `*` stands for any run of characters, matches a text. */
  readonly matches: (pattern: string, text: string) => boolean;
  /** SHA-256, hex. */
  readonly sha256: (text: string) => string;
}

/** A CI provider's token, and for whom it is to be exchanged. */
export interface ExchangeToken {
  readonly subjectToken: string;
  /** The tenant, where the client names it. */
  readonly tenantId: string | undefined;
  readonly place: WorkflowPlace;
}

/** Tenants whose rules are looked at where the client names none. */
const TENANTS_MAX = 20;

/** A tenant with those of its rules that ask for tokens of one issuer and audience. */
interface Trusting {
  readonly tenant: Tenant;
  readonly rules: readonly TrustRule[];
}

/**
 * Exchanges a CI provider's OIDC token for a session (RFC 8693). The first rule of the tenant whose claims all match
 * gives its roles. An issuer is asked for its keys only where some rule trusts it.
 * @throws OAuthError `invalid_request`, `invalid_target` where the tenant has to be named, and as `openRun`;
 * AppError `unavailable`
 */
export async function exchangeToken(
  deps: ExchangeTokenDeps,
  { subjectToken, tenantId, place }: ExchangeToken,
  trail: Trail,
): Promise<Session> {
  const said = deps.ciTokens.peek(subjectToken);
  if (said === undefined) throw invalidSubject("The subject token is no OIDC token of a CI provider.");
  const trusting = await whoTrusts(deps, said, tenantId);
  if (trusting.length === 0) throw untrusted();
  const verified = await deps.ciTokens.verify(subjectToken);
  const { tenant, rule } = chosenRule(deps, { trusting, verified, isNamed: tenantId !== undefined }, trail);
  checkPlace(deps, tenant, place);
  const run = runOf(verified.claims);
  if (run === undefined) throw invalidSubject("The token names no run: it needs run_id or pipeline_id.");
  return await openRun(
    deps,
    {
      principal: rulePrincipal(tenant.tenantId, rule),
      ...{ tenant, place, amr: ["oidc"], proof: proofOf(deps, verified) },
      workflow: { provider: rule.provider, ...run },
    },
    trail,
  );
}

async function whoTrusts(
  deps: Pick<ExchangeTokenDeps, "trust" | "tenants">,
  said: UnverifiedToken,
  named: string | undefined,
): Promise<readonly Trusting[]> {
  const ids = named === undefined ? await deps.trust.tenantsOf(said, TENANTS_MAX + 1) : [named];
  if (ids.length > TENANTS_MAX) throw nameTheTenant();
  const found = await Promise.all(
    ids.map(async (tenantId) => {
      const [tenant, { rules }] = await Promise.all([deps.tenants.get(tenantId), deps.trust.read(tenantId)]);
      const asked = rules.filter((rule) => isOfSameIssuer(rule, said));
      return tenant?.status === "active" && asked.length > 0 ? [{ tenant, rules: asked }] : [];
    }),
  );
  return found.flat();
}

function chosenRule(
  deps: Pick<ExchangeTokenDeps, "matches">,
  of: {
    readonly trusting: readonly Trusting[];
    readonly verified: VerifiedToken;
    readonly isNamed: boolean;
  },
  trail: Trail,
): { readonly tenant: Tenant; readonly rule: TrustRule } {
  const { trusting, verified, isNamed } = of;
  const chosen = trusting.flatMap(({ tenant, rules }) => {
    const rule = rules.find(({ claims }) => matchesClaims(deps.matches, claims, verified.claims));
    return rule === undefined ? [] : [{ tenant, rule }];
  });
  const [first, second] = chosen;
  if (second !== undefined) throw nameTheTenant();
  if (first !== undefined) return first;
  const [only] = trusting;
  if (isNamed && only !== undefined) recordStranger(only.tenant, verified, trail);
  throw untrusted();
}

/** Who is known, was meant for this tenant and is not trusted by it is worth knowing there. */
function recordStranger({ tenantId, policy }: Tenant, { issuer, claims }: VerifiedToken, trail: Trail): void {
  const subject = String(claims["sub"] ?? "").slice(0, 256);
  trail.by({
    tenantId,
    actor: { type: "external", id: subject, name: issuer },
    retentionDays: policy.activityRetentionDays,
  });
}

function proofOf(
  deps: Pick<ExchangeTokenDeps, "sha256">,
  { issuer, claims, expiresAtMs }: VerifiedToken,
): CiTokenProof | undefined {
  const { jti } = claims;
  if (typeof jti !== "string") return undefined;
  return { kind: "ci_token", tokenKey: deps.sha256(JSON.stringify([issuer, jti])), expiresAtMs };
}

function untrusted(): OAuthError {
  return invalidSubject("No trust rule takes this token.");
}

function nameTheTenant(): OAuthError {
  return new OAuthError("invalid_target", "Several tenants trust this token: name one as client_id.");
}
