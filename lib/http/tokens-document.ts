import * as z from "zod";
import type { Tenant } from "../identity/tenant.ts";
import { type IssueTokensDeps, issueTokens } from "../session/issue-tokens.ts";
import { absoluteExpiryOf, type Session } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import { refreshCookie } from "./cookies.ts";
import { json, type Reply } from "./reply.ts";
import { SessionDocument, sessionDocument } from "./session-document.ts";
import type { SessionTransport } from "./session-transport.ts";

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

/** A session that has just been opened or gone on, and how its refresh token is to travel. */
export interface OpenedSession {
  readonly session: Session;
  readonly tenant: Tenant;
  readonly transport: SessionTransport;
  readonly nowMs: EpochMs;
}

/** Answers with the tokens of a session; `more` stands beside them. */
export async function tokensReply(
  deps: IssueTokensDeps,
  opened: OpenedSession,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Reply> {
  const { session, tenant, transport, nowMs } = opened;
  const { accessToken, expiresIn, refreshToken } = await issueTokens(deps, session);
  const document: z.output<typeof TokensDocument> = {
    status: "active",
    tokenType: "Bearer",
    accessToken,
    expiresIn,
    ...(transport === "body" ? { refreshToken } : {}),
    session: sessionDocument(session, {
      policy: tenant.policy,
      nowMs,
      currentSessionId: session.sessionId,
    }),
  };
  const livesMs = absoluteExpiryOf(session, tenant.policy) - nowMs;
  return json(
    { ...more, ...document },
    transport === "cookie" ? { cookies: [refreshCookie(refreshToken, livesMs / 1000)] } : {},
  );
}
