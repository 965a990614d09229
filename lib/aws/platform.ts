import { createHash } from "node:crypto";
import { isAddressAllowed } from "../access/cidr.ts";
import { type EndSessionDeps, endFoundSession, type FoundEnd } from "../session/end-session.ts";
import { accessTokens } from "./access-tokens.ts";
import { activityTable } from "./activity-table.ts";
import { callerReader } from "./caller-reader.ts";
import { systemNow } from "./clock.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { idempotencyTable } from "./idempotency-table.ts";
import { derivedId, newId, seededIds } from "./ids.ts";
import { refreshTokens } from "./refresh-tokens.ts";
import { requestLog } from "./request-log.ts";
import { roleBooks } from "./role-books.ts";
import { seals } from "./seals.ts";
import { deploymentSecrets, type SecretsSource } from "./secrets.ts";
import { sessionTable } from "./session-table.ts";
import { signingKeys } from "./signing-keys.ts";

/** The secrets of this process, shared by all that needs a key. */
export const platformSecrets: SecretsSource = deploymentSecrets(env.secrets, systemNow);

/** The keys that tokens are signed and verified with. */
export const platformKeys = signingKeys({ secrets: platformSecrets, now: systemNow });

/** Seals what clients carry for us: cursors, challenges, answers kept for an idempotency key. */
export const platformSeals = seals({
  keys: async () => (await platformSecrets.current()).sealingKeys,
  now: systemNow,
});

/** SHA-256, hex. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What ending sessions needs, in whichever function. */
export function sessionEnding(): EndSessionDeps {
  return {
    sessions: sessionTable(dynamoClient()),
    // Whoever finds a session over makes the same record: two of them cannot be kept side by side.
    endRecordId: (sessionId, atMs) => derivedId("act", atMs, `end/${sessionId}`),
    now: systemNow,
  };
}

/** What every endpoint needs: one set of adapters for a process, put together here and nowhere else. */
export function platform() {
  const client = dynamoClient();
  const ending = sessionEnding();
  return {
    now: systemNow,
    newId,
    seededIds,
    sha256,
    tokens: accessTokens({
      keys: platformKeys,
      issuer: env.issuer,
      audience: env.audience,
      now: systemNow,
    }),
    refreshTokens: refreshTokens({ secrets: platformSecrets }),
    allowedOrigins: env.allowedOrigins,
    ...(env.edgeKey === "" ? {} : { edgeKey: env.edgeKey }),
    callers: callerReader(client),
    roleBooks: roleBooks(client),
    sessionTouches: sessionTable(client),
    sessionEnds: { endFound: (found: FoundEnd) => endFoundSession(ending, found) },
    isAddressAllowed,
    activity: activityTable(client),
    idempotency: idempotencyTable(
      {
        seal: (text, context) => platformSeals.seal("kept-answer", text, { context }),
        open: async (sealed, context) => {
          const text = await platformSeals.open("kept-answer", sealed, { context });
          return typeof text === "string" ? text : undefined;
        },
      },
      client,
    ),
    cursors: {
      seal: (position: string, scope: string) => platformSeals.seal("cursor", position, { context: scope }),
      open: async (cursor: string, scope: string) => {
        const position = await platformSeals.open("cursor", cursor, { context: scope });
        return typeof position === "string" ? position : undefined;
      },
    },
    log: requestLog,
  };
}
