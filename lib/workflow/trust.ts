import type { Role } from "../access/statement.ts";
import type { Trail } from "../activity/trail.ts";

/** Says which tokens of a CI provider open a session of the tenant, and with which roles. */
export interface TrustRule {
  /** `rul_…`, made of what the rule asks for: a rule that asks for something else is another rule. */
  readonly ruleId: string;
  /** What the tenant calls the provider: `github`, `gitlab` or a name of its own. */
  readonly provider: string;
  /** The `iss` of its tokens, letter by letter. */
  readonly issuer: string;
  /** Their one `aud`. */
  readonly audience: string;
  /** Patterns by the name of a claim; all of them must match. `*` matches any run of characters. */
  readonly claims: Readonly<Record<string, string>>;
  readonly roles: readonly string[];
}

/** A tenant's rules, in the order in which they are tried. */
export interface TrustDocument {
  readonly rules: readonly TrustRule[];
  /** 0 where there has never been one. */
  readonly version: number;
}

/** A change of the whole document. */
export interface TrustChange {
  readonly tenantId: string;
  /** As it was read. */
  readonly before: TrustDocument;
  readonly after: TrustDocument;
  /** The roles given, as they were when it was decided that they may be given. */
  readonly roles: readonly Role[];
}

/** The trust rules of every tenant. */
export interface TrustStore {
  read(tenantId: string): Promise<TrustDocument>;
  /** `moved` where somebody else changed it first. */
  replace(change: TrustChange, trail: Trail): Promise<"done" | "moved" | "role_changed">;
  /** The tenants, at most `limit`, that have a rule for this issuer and audience. */
  tenantsOf(of: Pick<TrustRule, "issuer" | "audience">, limit: number): Promise<readonly string[]>;
}

/** Most rules of a tenant. */
export const TRUST_RULES_MAX = 50;

/** Most claims that a rule asks for. */
export const TRUST_CLAIMS_MAX = 20;

/** Which runs a rule trusts, in words for people: it stands for the actor's name on record. */
export function ruleName({ provider, claims }: Pick<TrustRule, "provider" | "claims">): string {
  const asked = Object.entries(claims).map(([name, pattern]) => `${name}=${pattern}`);
  return `${provider} ${asked.join(" ")}`.slice(0, 128);
}

/** Whether two rules ask for tokens of the same issuer and audience. */
export function isOfSameIssuer(
  one: Pick<TrustRule, "issuer" | "audience">,
  other: Pick<TrustRule, "issuer" | "audience">,
): boolean {
  return one.issuer === other.issuer && one.audience === other.audience;
}
