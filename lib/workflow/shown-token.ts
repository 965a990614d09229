import { AppError } from "../errors.ts";
import type { CallerKey } from "../session/caller.ts";
import type { AccessTokenClaims, AccessTokens, RefreshTokens } from "../session/token.ts";

/** What reading a token of ours needs. */
export interface ReadTokenDeps {
  readonly tokens: Pick<AccessTokens, "verify">;
  readonly refreshTokens: Pick<RefreshTokens, "parse">;
}

/** A token of ours, of either kind, with the session that it points to. */
export type ShownToken =
  | { readonly kind: "access"; readonly key: CallerKey; readonly claims: AccessTokenClaims }
  | { readonly kind: "refresh"; readonly key: CallerKey; readonly generation: number };

/** Reads a token that somebody shows, whatever its kind; `undefined` for what is not ours or has expired. */
export async function readToken(deps: ReadTokenDeps, token: string): Promise<ShownToken | undefined> {
  // Ours have two dots or four, and what is neither is no token of either kind.
  return token.split(".").length === 3 ? await readAccess(deps, token) : await readRefresh(deps, token);
}

async function readAccess({ tokens }: ReadTokenDeps, token: string): Promise<ShownToken | undefined> {
  const claims = await orNothing(tokens.verify(token));
  return claims && { kind: "access", key: claims, claims };
}

async function readRefresh({ refreshTokens }: ReadTokenDeps, token: string): Promise<ShownToken | undefined> {
  const parsed = await orNothing(refreshTokens.parse(token));
  return parsed && { kind: "refresh", key: parsed, generation: parsed.generation };
}

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code !== "unavailable") return undefined;
    throw thrown;
  }
}
