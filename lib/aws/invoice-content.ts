import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import canonicalize from "canonicalize";
import type { InvoiceContent } from "../billing/invoice.ts";
import type { EpochMs } from "../time.ts";
import { putBilling, queryBilling } from "./billing-rows.ts";
import { toItem } from "./item.ts";

/** An item has at most 400 KB; its other attributes take little. */
const PART_BYTES = 350_000;

/**
 * Where the content of an invoice is. Its digest is part of the key: another content never takes its place. A draft's
 * is kept apart, because it leaves by itself: a run that comes late writes nothing over what is final.
 */
export interface ContentRef {
  readonly tenantId: string;
  readonly id: string;
  readonly status: "draft" | "final";
  readonly digest: string;
}

/** Far longer than a month and its grace. */
const DRAFT_KEPT_SECONDS = 400 * 86_400;

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
  { content, nowMs }: { readonly content: InvoiceContent; readonly nowMs: EpochMs },
): Promise<void> {
  const ttl = ref.status === "draft" ? Math.ceil(nowMs / 1000) + DRAFT_KEPT_SECONDS : undefined;
  const packed = gzipSync(JSON.stringify(content));
  const parts = Array.from({ length: Math.ceil(packed.length / PART_BYTES) }, (_, index) =>
    packed.subarray(index * PART_BYTES, (index + 1) * PART_BYTES),
  );
  const rows = parts.map((part, index) => ({
    ...partition(ref),
    ...toItem({ sk: String(index).padStart(4, "0"), ttl }),
    part: { B: part },
  }));
  await putBilling(client, rows);
}

/** Reads a content back. @throws Error where a part is missing or changed */
export async function getContent(client: DynamoDBClient, ref: ContentRef): Promise<InvoiceContent> {
  const parts: Uint8Array[] = [];
  const rows = queryBilling(client, {
    KeyConditionExpression: "pk = :content",
    ExpressionAttributeValues: { ":content": partition(ref).pk },
    ConsistentRead: true,
  });
  for await (const { part } of rows) if (part?.B !== undefined) parts.push(part.B);
  if (parts.length === 0) throw new Error("The content of an invoice is missing.");
  const content = JSON.parse(gunzipSync(Buffer.concat(parts)).toString()) as InvoiceContent;
  if (contentDigest(content) !== ref.digest)
    throw new Error("The content of an invoice is not what its digest says.");
  return content;
}

function partition({ tenantId, id, status, digest }: ContentRef) {
  return { pk: { S: `${tenantId}#${id}#${status}#${digest}` } };
}
