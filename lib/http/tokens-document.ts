import * as z from "zod";
import type { Tenant } from "../identity/tenant.ts";
import type { IssuedTokens } from "../session/issue-tokens.ts";
import type { Session } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import { SessionDocument, sessionDocument } from "./session-document.ts";

/** What every way of signing in answers with (contract section 2). The refresh token is in a cookie where one was asked for. */
export const TokensDocument = z
  .object({
    status: z.literal("active"),
    tokenType: z.literal("Bearer"),
    accessToken: z.string(),
    expiresIn: z.number(),
    refreshToken: z.string().optional(),
    session: SessionDocument,
  })
  .meta({ id: "Tokens" });

/** A session that has just been opened or gone on. */
export interface OpenedSession {
  readonly session: Session;
  readonly tenant: Tenant;
  readonly tokens: IssuedTokens;
  readonly nowMs: EpochMs;
}

/** Shows the tokens of a session. */
export function tokensDocument(opened: OpenedSession): z.output<typeof TokensDocument> {
  const { session, tenant, tokens, nowMs } = opened;
  return {
    status: "active",
    tokenType: "Bearer",
    accessToken: tokens.accessToken,
    expiresIn: tokens.expiresIn,
    refreshToken: tokens.refreshToken,
    session: sessionDocument(session, {
      policy: tenant.policy,
      nowMs,
      currentSessionId: session.sessionId,
    }),
  };
}
