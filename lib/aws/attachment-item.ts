import type { Put, Update } from "@aws-sdk/client-dynamodb";
import type { EpochMs } from "../time.ts";
import type { Attachment } from "../usage/usage.ts";
import { env } from "./env.ts";
import { type Item, number, optionalNumber, optionalText, present, text, toItem } from "./item.ts";

/** Sorts behind every time: what is still attached ends after everything that has ended. */
const OPEN = "open";

/** An attachment, with its place among those of one instant. */
export interface AttachmentRow extends Attachment {
  readonly tenantId: string;
  /** Of two that were attached at one instant, the one with the lower rank came first. */
  readonly rank: number;
}

/** The partition of the attachments of one resource; they sort by when they began. */
export function attachmentPartition(tenantId: string, resourceId: string): string {
  return `${tenantId}#held#${resourceId}`;
}

/** The index key of the attachments of a tenant; they sort by when they ended, the open ones last. */
export function heldInTenantKey(tenantId: string): string {
  return `${tenantId}#held`;
}

/** The index key of the attachments of a session; sorted as those of a tenant. */
export function heldBySessionKey(tenantId: string, sessionId: string): string {
  return `${tenantId}#held#${sessionId}`;
}

/** The index's sort key before which everything has ended by `atMs`. */
export function endedBy(atMs: EpochMs): string {
  return `${padded(atMs)}~`;
}

/** Sort keys of what is still attached begin so. */
export const OPEN_PREFIX = `${OPEN}#`;

/** An attachment as a row. The same one again is the same row. */
export function attachmentPut(attachment: AttachmentRow): Put {
  const { tenantId, resourceId, sessionId, fromAtMs, toAtMs, rank, beganBy, endedBy } = attachment;
  return {
    TableName: env.sessionsTable,
    Item: toItem({
      ...keyOf(attachment),
      tenantKey: heldInTenantKey(tenantId),
      userKey: heldBySessionKey(tenantId, sessionId),
      sessionSort: sortOf(attachment, toAtMs),
      ...{ tenantId, resourceId, sessionId, fromAtMs, rank },
      toAtMs: toAtMs ?? undefined,
      ...{ beganBy, endedBy },
    }),
  };
}

/** The write that ends an attachment; never before it began. */
export function attachmentEnd(
  open: Omit<AttachmentRow, "toAtMs" | "rank">,
  { atMs, endedBy }: { readonly atMs: EpochMs; readonly endedBy: string | undefined },
): Update {
  const toAtMs = Math.max(atMs, open.fromAtMs);
  return {
    TableName: env.sessionsTable,
    Key: toItem(keyOf(open)),
    UpdateExpression: `SET toAtMs = :to, sessionSort = :sort${endedBy === undefined ? "" : ", endedBy = :by"}`,
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: toItem({ ":to": toAtMs, ":sort": sortOf(open, toAtMs), ":by": endedBy }),
  };
}

/** Reads a row back. */
export function attachmentOf(item: Item): AttachmentRow {
  return {
    tenantId: text(item, "tenantId"),
    resourceId: text(item, "resourceId"),
    sessionId: text(item, "sessionId"),
    fromAtMs: number(item, "fromAtMs"),
    toAtMs: optionalNumber(item, "toAtMs") ?? null,
    rank: number(item, "rank"),
    ...present("beganBy", optionalText(item, "beganBy")),
    ...present("endedBy", optionalText(item, "endedBy")),
  };
}

function keyOf({ tenantId, resourceId, sessionId, fromAtMs }: Omit<AttachmentRow, "toAtMs" | "rank">) {
  return { pk: attachmentPartition(tenantId, resourceId), sk: `${padded(fromAtMs)}#${sessionId}` };
}

function sortOf(
  { resourceId, sessionId, fromAtMs }: Omit<AttachmentRow, "toAtMs" | "rank">,
  toAtMs: EpochMs | null,
): string {
  return `${toAtMs === null ? OPEN : padded(toAtMs)}#${resourceId}#${sessionId}#${padded(fromAtMs)}`;
}

function padded(atMs: EpochMs): string {
  return String(Math.max(0, atMs)).padStart(15, "0");
}
