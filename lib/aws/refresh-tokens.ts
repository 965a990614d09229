import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors.ts";
import type { RefreshTokenClaims, RefreshTokens } from "../session/token.ts";
import type { SecretsSource } from "./secrets.ts";

const REFRESH_TOKEN =
  /^((ten_[0-9a-hjkmnp-tv-z]{26})\.(usr_[0-9a-hjkmnp-tv-z]{26})\.(ses_[0-9a-hjkmnp-tv-z]{26})\.(0|[1-9][0-9]{0,8}))\.([A-Za-z0-9_-]{43})$/;

/** Refresh tokens that nothing needs to be stored of: `tenant.user.session.generation.HMAC-SHA256`. */
export function refreshTokens(deps: { readonly secrets: SecretsSource }): RefreshTokens {
  return {
    async mint(claims) {
      const { refreshKeys } = await deps.secrets.current();
      const [newest] = refreshKeys;
      if (newest === undefined) throw new Error("There is no key for refresh tokens.");
      const text = textOf(claims);
      return `${text}.${authenticate(newest, text)}`;
    },
    async parse(token) {
      const match = REFRESH_TOKEN.exec(token);
      if (match === null) throw invalid();
      const [, text = "", tenantId = "", userId = "", sessionId = "", generation = "", code = ""] = match;
      const { refreshKeys } = await deps.secrets.current();
      if (!refreshKeys.some((key) => isSameText(authenticate(key, text), code))) throw invalid();
      return { tenantId, userId, sessionId, generation: Number(generation) };
    },
  };
}

function textOf({ tenantId, userId, sessionId, generation }: RefreshTokenClaims): string {
  return `${tenantId}.${userId}.${sessionId}.${generation}`;
}

function authenticate(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}

// The texts are compared, not the bytes they stand for: one code has one spelling.
function isSameText(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

function invalid(): AppError {
  return new AppError("refresh.invalid", "The refresh token is not valid.");
}
