import type { EpochMs } from "../time.ts";

/** What a token says of itself before its signature is looked at: enough to find who trusts it, and nothing more. */
export interface UnverifiedToken {
  readonly issuer: string;
  /** Its one audience. */
  readonly audience: string;
}

/** A token whose signature, issuer, audience and times are right. */
export interface VerifiedToken extends UnverifiedToken {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly expiresAtMs: EpochMs;
}

/** Reads the OIDC tokens of CI providers. */
export interface CiTokens {
  /** `undefined` for what is no such token. Nothing is asked of anybody. */
  peek(token: string): UnverifiedToken | undefined;
  /**
   * Checks a token with the keys that its issuer publishes.
   * @throws OAuthError `invalid_request`; AppError `unavailable` where the issuer does not answer
   */
  verify(token: string): Promise<VerifiedToken>;
}

/** The run that a token is of, as its provider's claims name it. */
export interface CiRun {
  readonly runId: string;
  readonly ref?: string;
}

/** Where providers name the run: GitHub Actions and its like, then GitLab. */
const RUN_CLAIMS = ["run_id", "pipeline_id"];

/** What a run can be called: it is part of paths and of keys. */
export const RUN_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** A branch or tag in one line of ordinary characters. */
export const REF = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,255}$/u;

/** Says which run a token is of; `undefined` where its claims name none. A reference that is no text is left out. */
export function runOf(claims: VerifiedToken["claims"]): CiRun | undefined {
  const runId = RUN_CLAIMS.map((name) => scalarOf(claims, name)).find((value) => value !== undefined);
  if (runId === undefined || !RUN_ID.test(runId)) return undefined;
  const ref = claims["ref"];
  return { runId, ...(typeof ref === "string" && REF.test(ref) ? { ref } : {}) };
}

/** Whether a token's claims match all patterns of a rule. Lists and objects match nothing. */
export function matchesClaims(
  matches: (pattern: string, text: string) => boolean,
  patterns: Readonly<Record<string, string>>,
  claims: VerifiedToken["claims"],
): boolean {
  return Object.entries(patterns).every(([name, pattern]) => {
    const value = scalarOf(claims, name);
    return value !== undefined && matches(pattern, value);
  });
}

/** A claim of the token's own, as text. */
function scalarOf(claims: VerifiedToken["claims"], name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
      return String(value);
    default:
      return undefined;
  }
}
