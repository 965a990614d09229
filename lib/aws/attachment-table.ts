import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import type { HoldingIndex } from "../resource/release-session.ts";
import type { Attachment, Period } from "../usage/usage.ts";
import {
  type AttachmentRow,
  attachmentOf,
  attachmentPartition,
  endedBy,
  heldBySessionKey,
  heldInTenantKey,
  OPEN_PREFIX,
} from "./attachment-item.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import type { Item } from "./item.ts";

/** Who held what when, as metering and billing ask for it. Each list is in the order of attaching. */
export interface AttachmentReader extends HoldingIndex {
  /** All attachments of one resource that overlap a period, consistently read. */
  ofResource(tenantId: string, resourceId: string, period: Period): Promise<readonly Attachment[]>;
  /** All attachments of a tenant that overlap a period; one of the last second may be missing. */
  ofTenant(tenantId: string, period: Period): Promise<readonly Attachment[]>;
  /** All attachments of one session, now and before. */
  ofSession(tenantId: string, sessionId: string): Promise<readonly Attachment[]>;
}

/** The attachments in the sessions table. */
export function attachmentTable(client: DynamoDBClient = dynamoClient()): AttachmentReader {
  return {
    heldBy: async (tenantId, sessionId) => {
      const open = await query(client, {
        IndexName: "user-index",
        KeyConditionExpression: "userKey = :key AND begins_with(sessionSort, :open)",
        ExpressionAttributeValues: {
          ":key": { S: heldBySessionKey(tenantId, sessionId) },
          ":open": { S: OPEN_PREFIX },
        },
      });
      return open.map((attachment) => attachment.resourceId);
    },
    ofResource: (tenantId, resourceId, period) =>
      query(client, {
        ConsistentRead: true,
        KeyConditionExpression: "pk = :key AND sk < :end",
        FilterExpression: "attribute_not_exists(toAtMs) OR toAtMs > :start",
        ExpressionAttributeValues: {
          ":key": { S: attachmentPartition(tenantId, resourceId) },
          ":end": { S: String(period.endAtMs).padStart(15, "0") },
          ":start": { N: String(period.startAtMs) },
        },
      }),
    ofTenant: (tenantId, period) =>
      // By their ends: what ended before the period is not even read.
      query(client, {
        IndexName: "tenant-index",
        KeyConditionExpression: "tenantKey = :key AND sessionSort > :start",
        FilterExpression: "fromAtMs < :end",
        ExpressionAttributeValues: {
          ":key": { S: heldInTenantKey(tenantId) },
          ":start": { S: endedBy(period.startAtMs) },
          ":end": { N: String(period.endAtMs) },
        },
      }),
    ofSession: (tenantId, sessionId) =>
      query(client, {
        IndexName: "user-index",
        KeyConditionExpression: "userKey = :key",
        ExpressionAttributeValues: { ":key": { S: heldBySessionKey(tenantId, sessionId) } },
      }),
  };
}

async function query(
  client: DynamoDBClient,
  input: Omit<QueryCommandInput, "TableName">,
): Promise<readonly Attachment[]> {
  const rows: AttachmentRow[] = [];
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          ...input,
          TableName: env.sessionsTable,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      rows.push(...Items.map(attachmentOf));
      startKey = LastEvaluatedKey;
    } while (startKey !== undefined);
  } catch (thrown) {
    throw translated(thrown);
  }
  return rows
    .sort((a, b) => a.fromAtMs - b.fromAtMs || a.rank - b.rank)
    .map(({ tenantId: _tenantId, rank: _rank, ...attachment }) => attachment);
}
