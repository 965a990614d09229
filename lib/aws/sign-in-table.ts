import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Login } from "../identity/account-store.ts";
import { ADDRESS_WINDOW_MS, ATTEMPT_WINDOW_MS, type FailedAttempt } from "../session/failed-attempts.ts";
import type { SignInPlace, SignInRows, SignInStore } from "../session/sign-in-store.ts";
import type { EpochMs } from "../time.ts";
import { accountOf } from "./account-item.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { tenantKey, userKey } from "./identity-item.ts";
import { type Item, number, text, toAttribute } from "./item.ts";
import { guardedIdsOf, guardKey } from "./session-guard.ts";
import {
  addressKey,
  attemptsKey,
  attemptsOf,
  challengeKey,
  challengeOf,
  codesKey,
  failureName,
  failureText,
  sentCodesOf,
} from "./sign-in-item.ts";
import { emailKey } from "./user-writes.ts";

/** What signing in reads, from the identity and the sessions table at once, and what it counts. */
export function signInTable(client: DynamoDBClient = dynamoClient()): SignInStore {
  return {
    find: (email, source, nowMs) => find(client, { email, source, nowMs }),
    read: (login, challengeId) => read(client, login, challengeId),
    isKnownDevice: (login, place) => isKnownDevice(client, login, place),
    countFailure: (login, failure, forgotten) => countFailure(client, login, { failure, forgotten }),
    countAddressFailure: async (source, nowMs) => {
      const span = Math.floor(nowMs / ADDRESS_WINDOW_MS);
      await update(client, {
        Key: addressKey(source, span),
        UpdateExpression: "SET #ttl = :ttl ADD failures :one",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":ttl": toAttribute(((span + 1) * ADDRESS_WINDOW_MS) / 1000),
          ":one": { N: "1" },
        },
      });
    },
  };
}

interface Asked {
  readonly email: string;
  readonly source: string;
  readonly nowMs: EpochMs;
}

async function find(client: DynamoDBClient, { email, source, nowMs }: Asked) {
  const rows = await readRows(client, {
    [env.identityTable]: [emailKey(email)],
    [env.sessionsTable]: [addressKey(source, Math.floor(nowMs / ADDRESS_WINDOW_MS))],
  });
  const owner = rows[env.identityTable]?.[0];
  const failures = rows[env.sessionsTable]?.[0];
  return {
    login: owner && { tenantId: text(owner, "tenantId"), userId: text(owner, "userId") },
    addressFailures: failures === undefined ? 0 : number(failures, "failures"),
  };
}

async function read(
  client: DynamoDBClient,
  login: Login,
  challengeId: string | undefined,
): Promise<SignInRows> {
  const { tenantId, userId } = login;
  const challenge = challengeId === undefined ? [] : [challengeKey(login, challengeId)];
  const [rows, secrets] = await Promise.all([
    readRows(client, {
      [env.identityTable]: [userKey(tenantId, userId), tenantKey(tenantId)],
      [env.sessionsTable]: [guardKey(login), attemptsKey(login), codesKey(login), ...challenge],
    }),
    readSecrets(client, login),
  ]);
  const ofSession = (key: Item) => rows[env.sessionsTable]?.find((row) => row["sk"]?.S === key["sk"]?.S);
  const challengeRow = rows[env.sessionsTable]?.find((row) => text(row, "sk").startsWith("challenge#"));
  return {
    account: accountOf(rows[env.identityTable] ?? [], secrets),
    attempts: attemptsOf(ofSession(attemptsKey(login))),
    guardedIds: guardedIdsOf(ofSession(guardKey(login))),
    challenge: challengeRow && challengeOf(challengeRow),
    sentCodes: sentCodesOf(ofSession(codesKey(login))),
  };
}

/** Password, factors, recovery codes and invitation: a partition that only signing in reads. */
async function readSecrets(client: DynamoDBClient, { tenantId, userId }: Login): Promise<Item[]> {
  try {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: env.identityTable,
        KeyConditionExpression: "pk = :user",
        ExpressionAttributeValues: { ":user": { S: `${tenantId}#${userId}` } },
        ConsistentRead: true,
      }),
    );
    return Items;
  } catch (thrown) {
    throw translated(thrown);
  }
}

/** Looks at the user's newest sessions, ended ones too. It is asked only while an account is under attack. */
async function isKnownDevice(
  client: DynamoDBClient,
  { tenantId, userId }: Login,
  { ip, userAgent }: SignInPlace,
): Promise<boolean> {
  try {
    const { Count = 0 } = await client.send(
      new QueryCommand({
        TableName: env.sessionsTable,
        IndexName: "user-index",
        KeyConditionExpression: "userKey = :user",
        FilterExpression: "ip = :ip AND userAgent = :agent AND #kind = :interactive",
        ExpressionAttributeNames: { "#kind": "kind" },
        ExpressionAttributeValues: {
          ":user": { S: `${tenantId}#${userId}` },
          ":ip": { S: ip },
          ":agent": { S: userAgent },
          ":interactive": { S: "interactive" },
        },
        ScanIndexForward: false,
        Select: "COUNT",
      }),
    );
    return Count > 0;
  } catch (thrown) {
    throw translated(thrown);
  }
}

interface Counted {
  readonly failure: FailedAttempt;
  readonly forgotten: readonly FailedAttempt[];
}

async function countFailure(client: DynamoDBClient, login: Login, { failure, forgotten }: Counted) {
  const gone = forgotten.map((_, index) => `#gone${index}`);
  await update(client, {
    Key: attemptsKey(login),
    UpdateExpression: `SET #failed = :failed, #ttl = :ttl ${gone.length === 0 ? "" : `REMOVE ${gone.join(", ")}`} ADD #total :one`,
    ExpressionAttributeNames: {
      "#failed": failureName(failure.id),
      "#ttl": "ttl",
      "#total": "total",
      ...Object.fromEntries(forgotten.map(({ id }, index) => [`#gone${index}`, failureName(id)])),
    },
    ExpressionAttributeValues: {
      ":failed": { S: failureText(failure) },
      ":ttl": toAttribute(Math.ceil((failure.atMs + ATTEMPT_WINDOW_MS) / 1000)),
      ":one": { N: "1" },
    },
  });
}

async function update(
  client: DynamoDBClient,
  input: Omit<ConstructorParameters<typeof UpdateItemCommand>[0], "TableName">,
): Promise<void> {
  try {
    await client.send(new UpdateItemCommand({ TableName: env.sessionsTable, ...input }));
  } catch (thrown) {
    throw translated(thrown);
  }
}
