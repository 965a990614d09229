import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import type { EpochMs } from "../time.ts";
import {
  recordedWebhook,
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookKey,
  type WebhookStore,
} from "../webhook/webhook.ts";
import { readRows } from "./caller-reader.ts";
import { queryRows } from "./derived-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { document, type Item, number, optionalNumber, present, toAttribute, toItem } from "./item.ts";

/**
 * Endpoints in the identity table, a row each and one that counts a tenant's. Since when an endpoint fails stands beside
 * its document: whoever changes the one does not meet those who note the other.
 */
export function webhookTable(client: DynamoDBClient = dynamoClient()): WebhookStore {
  return {
    all: (tenantId) => all(client, tenantId),
    get: async (key) => {
      const rows = await readRows(client, { [env.identityTable]: [webhookKey(key)] });
      const row = rows[env.identityTable]?.[0];
      return row === undefined ? undefined : webhookOf(row);
    },
    add: (webhook, trail) => {
      trail.changed(changesBetween({}, recordedWebhook(webhook)));
      const Put = {
        TableName: env.identityTable,
        Item: webhookItem(webhook),
        ConditionExpression: "attribute_not_exists(pk)",
      };
      const writes = [
        { write: { Put }, refusal: "exists" },
        { write: count(webhook.tenantId, 1), refusal: "limit" },
      ] as const;
      return commitGuarded(client, writes, { trail });
    },
    replace: (before, after, trail) => {
      trail.changed(changesBetween(recordedWebhook(before), recordedWebhook(after)));
      const Put = { TableName: env.identityTable, Item: webhookItem(after), ...unmoved(before) };
      return commitGuarded(client, [{ write: { Put }, refusal: "moved" }], { trail });
    },
    remove: (webhook, trail) => {
      trail.changed(changesBetween(recordedWebhook(webhook), {}));
      const Delete = { TableName: env.identityTable, Key: webhookKey(webhook), ...unmoved(webhook) };
      const writes = [
        { write: { Delete }, refusal: "moved" },
        { write: count(webhook.tenantId, -1), refusal: "moved" },
      ] as const;
      return commitGuarded(client, writes, { trail });
    },
    noteFailure: (key, atMs) => noteFailure(client, key, atMs),
    noteSuccess: async (key) => {
      await update(client, key, { UpdateExpression: "REMOVE failingSinceMs" });
    },
  };
}

async function all(client: DynamoDBClient, tenantId: string): Promise<readonly Webhook[]> {
  const webhooks: Webhook[] = [];
  const rows = queryRows(client, {
    TableName: env.identityTable,
    KeyConditionExpression: "pk = :tenant AND begins_with(sk, :webhooks)",
    ExpressionAttributeValues: { ":tenant": { S: tenantId }, ":webhooks": { S: "webhook#" } },
  });
  for await (const row of rows) webhooks.push(webhookOf(row));
  return webhooks;
}

async function noteFailure(client: DynamoDBClient, key: WebhookKey, atMs: EpochMs): Promise<EpochMs> {
  const row = await update(client, key, {
    UpdateExpression: "SET failingSinceMs = if_not_exists(failingSinceMs, :at)",
    ExpressionAttributeValues: { ":at": toAttribute(atMs) },
  });
  return row === undefined ? atMs : number(row, "failingSinceMs");
}

/** Nothing is made of an endpoint that was deleted meanwhile. */
async function update(
  client: DynamoDBClient,
  key: WebhookKey,
  change: { readonly UpdateExpression: string; readonly ExpressionAttributeValues?: Item },
): Promise<Item | undefined> {
  try {
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: env.identityTable,
        Key: webhookKey(key),
        ConditionExpression: "attribute_exists(pk)",
        ReturnValues: "ALL_NEW",
        ...change,
      }),
    );
    return Attributes;
  } catch (thrown) {
    if (thrown instanceof ConditionalCheckFailedException) return undefined;
    throw translated(thrown);
  }
}

function count(tenantId: string, by: 1 | -1): TransactWriteItem {
  return {
    Update: {
      TableName: env.identityTable,
      Key: { pk: { S: tenantId }, sk: { S: "webhooks" } },
      UpdateExpression: "ADD webhooks :by",
      ...(by === 1 ? { ConditionExpression: "attribute_not_exists(webhooks) OR webhooks < :most" } : {}),
      ExpressionAttributeValues: {
        ":by": toAttribute(by),
        ...(by === 1 ? { ":most": toAttribute(WEBHOOKS_MAX) } : {}),
      },
    },
  };
}

function unmoved({ version }: Webhook) {
  return {
    ConditionExpression: "version = :before",
    ExpressionAttributeValues: { ":before": toAttribute(version) },
  };
}

function webhookKey({ tenantId, webhookId }: WebhookKey): Item {
  return { pk: { S: tenantId }, sk: { S: `webhook#${webhookId}` } };
}

function webhookItem({ failingSinceMs, version, ...webhook }: Webhook): Item {
  return { ...webhookKey(webhook), ...toItem({ webhook, failingSinceMs, version }) };
}

function webhookOf(row: Item): Webhook {
  return {
    ...document<Omit<Webhook, "failingSinceMs" | "version">>(row, "webhook"),
    ...present("failingSinceMs", optionalNumber(row, "failingSinceMs")),
    version: number(row, "version"),
  };
}
