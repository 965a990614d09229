import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { BatchWriteItemCommand, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import canonicalize from "canonicalize";
import type { InvoiceContent } from "../billing/invoice.ts";
import { translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import type { Item } from "./item.ts";

/** An item has at most 400 KB; its other attributes take little. */
const PART_BYTES = 350_000;

/** BatchWriteItem takes 25 writes, and 16 MB. */
const PARTS_AT_ONCE = 25;

/** Where the content of an invoice is. Its digest is part of the key: another content never takes its place. */
export interface ContentRef {
  readonly tenantId: string;
  readonly invoiceId: string;
  readonly digest: string;
}

/** SHA-256 over the content as RFC 8785 JSON, hex: the same for the same content, whoever writes it down. */
export function contentDigest(content: InvoiceContent): string {
  return createHash("sha256")
    .update(canonicalize(content) ?? "")
    .digest("hex");
}

/** Writes a content of any size, packed and cut to what an item can hold. Writing it again changes nothing. */
export async function putContent(
  client: DynamoDBClient,
  ref: ContentRef,
  content: InvoiceContent,
): Promise<void> {
  const packed = gzipSync(JSON.stringify(content));
  const parts = Array.from({ length: Math.ceil(packed.length / PART_BYTES) }, (_, index) =>
    packed.subarray(index * PART_BYTES, (index + 1) * PART_BYTES),
  );
  const puts = parts.map((part, index) => ({
    PutRequest: { Item: { ...partition(ref), sk: { S: String(index).padStart(4, "0") }, part: { B: part } } },
  }));
  for (let from = 0; from < puts.length; from += PARTS_AT_ONCE) {
    await writeBatch(client, puts.slice(from, from + PARTS_AT_ONCE));
  }
}

/** Reads a content back. @throws Error where a part is missing or changed */
export async function getContent(client: DynamoDBClient, ref: ContentRef): Promise<InvoiceContent> {
  const parts: Uint8Array[] = [];
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: env.billingTable,
          KeyConditionExpression: "pk = :content",
          ExpressionAttributeValues: { ":content": partition(ref).pk },
          ConsistentRead: true,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      parts.push(...Items.flatMap((item) => (item["part"]?.B === undefined ? [] : [item["part"].B])));
      startKey = LastEvaluatedKey;
    } while (startKey !== undefined);
  } catch (thrown) {
    throw translated(thrown);
  }
  const content = JSON.parse(gunzipSync(Buffer.concat(parts)).toString()) as InvoiceContent;
  if (contentDigest(content) !== ref.digest)
    throw new Error("The content of an invoice is not what its digest says.");
  return content;
}

function partition({ tenantId, invoiceId, digest }: ContentRef) {
  return { pk: { S: `${tenantId}#${invoiceId}#${digest}` } };
}

type Puts = { PutRequest: { Item: Item } }[];

async function writeBatch(client: DynamoDBClient, puts: Puts): Promise<void> {
  let open: Puts = puts;
  try {
    while (open.length > 0) {
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [env.billingTable]: open } }),
      );
      open = (UnprocessedItems[env.billingTable] ?? []) as Puts;
    }
  } catch (thrown) {
    throw translated(thrown);
  }
}
