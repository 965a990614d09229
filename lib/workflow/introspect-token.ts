import type { CallerReader, CallerRows, SupportRows } from "../session/caller.ts";
import type { SessionEnd } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import { type ReadTokenDeps, readToken, type ShownToken } from "./shown-token.ts";

/** What introspection needs. */
export interface IntrospectTokenDeps extends ReadTokenDeps {
  readonly callers: CallerReader;
  readonly endOfRows: (
    rows: CallerRows & { readonly support?: SupportRows | undefined },
    nowMs: EpochMs,
  ) => SessionEnd | undefined;
  readonly now: () => EpochMs;
}

/** Who asks about a token. */
export interface TokenAsker {
  readonly tenantId: string;
  readonly principalId: string;
  /** Whether their roles let them read a session of that user. */
  readonly mayRead: (sessionId: string, ownerId: string) => boolean;
}

/** A token that is good at this moment, with whose it is. */
export interface ActiveToken {
  readonly token: ShownToken;
  readonly rows: CallerRows;
}

/**
 * Says whether a token is good at this very moment: it is as alive as its session. `undefined` for one that is not, and
 * just the same for one that the asker may not know of (RFC 7662 section 2.2): another tenant's, another user's without
 * `session:read`.
 */
export async function introspectToken(
  deps: IntrospectTokenDeps,
  { token: text, asker }: { readonly token: string; readonly asker: TokenAsker },
): Promise<ActiveToken | undefined> {
  const token = await readToken(deps, text);
  if (token === undefined || token.key.tenantId !== asker.tenantId) return undefined;
  const { sessionId, userId } = token.key;
  if (userId !== asker.principalId && !asker.mayRead(sessionId, userId)) return undefined;
  const rows = await liveRowsOf(deps, token);
  return rows && { token, rows };
}

async function liveRowsOf(deps: IntrospectTokenDeps, token: ShownToken): Promise<CallerRows | undefined> {
  const { session, user, tenant, support } = await deps.callers.read(token.key);
  if (session === undefined || user === undefined || tenant === undefined) return undefined;
  const isOver =
    session.userId !== user.userId ||
    session.source === "import" ||
    tenant.status === "suspended" ||
    deps.endOfRows({ session, user, tenant, support }, deps.now()) !== undefined;
  const isSpent = token.kind === "refresh" && token.generation !== session.refreshGeneration;
  return isOver || isSpent ? undefined : { session, user, tenant };
}
