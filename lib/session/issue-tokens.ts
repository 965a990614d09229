import type { Session } from "./session.ts";
import { ACCESS_TOKEN_LIFETIME_SECONDS, type AccessTokens, type RefreshTokens } from "./token.ts";

/** What issuing tokens needs. */
export interface IssueTokensDeps {
  readonly tokens: Pick<AccessTokens, "sign">;
  readonly refreshTokens: Pick<RefreshTokens, "mint">;
}

/** The pair that a client goes on with. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
}

/** Issues the tokens of a session as it stands: the same refresh token again for the same generation. */
export async function issueTokens(deps: IssueTokensDeps, session: Session): Promise<IssuedTokens> {
  const { tenantId, sessionId, userId, support } = session;
  const [accessToken, refreshToken] = await Promise.all([
    deps.tokens.sign({
      tenantId,
      userId,
      sessionId,
      authTimeMs: session.authTimeMs,
      amr: session.amr,
      ...(support === undefined
        ? {}
        : { actor: { tenantId: support.agentTenantId, userId: support.agentId } }),
      ...(session.workflow === undefined ? {} : { workflow: session.workflow }),
    }),
    deps.refreshTokens.mint({ tenantId, userId, sessionId, generation: session.refreshGeneration }),
  ]);
  return { accessToken, expiresIn: ACCESS_TOKEN_LIFETIME_SECONDS, refreshToken };
}
