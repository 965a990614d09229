import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { ImportOutcome, ImportStore } from "../session/import-sessions.ts";
import type { Session } from "../session/session.ts";
import type { Attachment } from "../usage/usage.ts";
import { forEachAtOnce } from "./at-once.ts";
import { attachmentOf, attachmentPut } from "./attachment-item.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, toAttribute } from "./item.ts";
import { sessionItem, sessionOf } from "./session-item.ts";

/** Rows that are written side by side. */
const AT_ONCE = 20;

/**
 * Imported sessions and attachments in the sessions table, in rows like those of the platform's own. A row that is
 * there is never written again, and what is repeated within a list counts as what comes again.
 */
export function importTable(client: DynamoDBClient = dynamoClient()): ImportStore {
  return {
    addSessions: (sessions, keptUntilMs) =>
      addEach(
        sessions,
        ({ sessionId }) => sessionId,
        (session) =>
          add(client, {
            row: { ...sessionItem(session, 0), ttl: toAttribute(Math.ceil(keptUntilMs / 1000)) },
            isSame: (item) => isSameSession(sessionOf(item), session),
          }),
      ),
    addAttachments: (tenantId, attachments) =>
      addEach(attachments, keyOfAttachment, (attachment, rank) =>
        add(client, {
          row: attachmentPut({ tenantId, rank, ...attachment }).Item ?? {},
          isSame: (item) => attachmentOf(item).toAtMs === attachment.toAtMs,
        }),
      ),
  };
}

/** What has one key is written one after the other: the first one of the list counts. */
async function addEach<Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  addOne: (entry: Entry, rank: number) => Promise<ImportOutcome>,
): Promise<readonly ImportOutcome[]> {
  const byKey = Map.groupBy(entries.entries(), ([, entry]) => keyOf(entry));
  const outcomes: ImportOutcome[] = [];
  await forEachAtOnce([...byKey.values()], AT_ONCE, async (sameKey) => {
    for (const [place, entry] of sameKey) outcomes[place] = await addOne(entry, place);
  });
  return outcomes;
}

interface Addition {
  readonly row: Item;
  readonly isSame: (existing: Item) => boolean;
}

async function add(client: DynamoDBClient, { row, isSame }: Addition): Promise<ImportOutcome> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: env.sessionsTable,
        Item: row,
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return "added";
  } catch (thrown) {
    if (!(thrown instanceof ConditionalCheckFailedException) || thrown.Item === undefined) {
      throw translated(thrown);
    }
    return isSame(thrown.Item) ? "known" : "conflict";
  }
}

function isSameSession(existing: Session, session: Session): boolean {
  return (
    existing.source === session.source &&
    existing.userId === session.userId &&
    existing.userName === session.userName &&
    existing.createdAtMs === session.createdAtMs &&
    existing.end?.atMs === session.end?.atMs
  );
}

function keyOfAttachment({ resourceId, sessionId, fromAtMs }: Attachment): string {
  return JSON.stringify([resourceId, sessionId, fromAtMs]);
}
