import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Use, usesOf } from "../resource/links.ts";
import type { Resource } from "../resource/resource.ts";
import { env } from "./env.ts";
import { document, type Item, toAttribute, toItem } from "./item.ts";

/** How long a deleted resource can still be read. Its records and its usage are kept by rules of their own. */
const DELETED_KEPT_SECONDS = 90 * 86_400;

/** The partition of a tenant's resources. */
export function resourcePartition(tenantId: string): string {
  return `${tenantId}#res`;
}

/** The key of a resource's row. */
export function resourceKey(tenantId: string, resourceId: string): Item {
  return { pk: { S: resourcePartition(tenantId) }, sk: { S: resourceId } };
}

/** Reads a row back. */
export function resourceOf(item: Item): Resource {
  const resource = document<Omit<Resource, "usedBy">>(item, "resource");
  return { ...resource, usedBy: item["usedBy"]?.SS ?? [] };
}

/** The write of a resource: the document, and beside it what lists filter by and conditions speak of. */
export function resourceWrite(before: Resource | undefined, after: Resource): TransactWriteItem {
  const { tenantId, resourceId } = after;
  const row = rowOf(after);
  if (before === undefined) {
    return {
      Put: {
        TableName: env.sessionsTable,
        Item: toItem({ pk: resourcePartition(tenantId), sk: resourceId, ...row }),
        ConditionExpression: "attribute_not_exists(pk)",
      },
    };
  }
  const set = Object.entries(row).filter(([, value]) => value !== undefined);
  const remove = Object.entries(row).filter(([, value]) => value === undefined);
  const isGoing = after.state === "deleted" || after.pending?.operation.kind === "delete";
  return {
    Update: {
      TableName: env.sessionsTable,
      Key: resourceKey(tenantId, resourceId),
      // Not a put: `usedBy` is written by those who use the resource, whatever version it has.
      UpdateExpression: [
        `SET ${set.map(([name]) => `#${name} = :${name}`).join(", ")}`,
        ...(remove.length === 0 ? [] : [`REMOVE ${remove.map(([name]) => `#${name}`).join(", ")}`]),
      ].join(" "),
      ConditionExpression: `#version = :before${isGoing ? " AND attribute_not_exists(usedBy)" : ""}`,
      ExpressionAttributeNames: Object.fromEntries(Object.keys(row).map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, toAttribute(value)])),
        ":before": toAttribute(before.version),
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}

/** The writes that keep `usedBy` of the others in step: refused where what is to be used is gone, going or taken. */
export function linkWrites(before: Resource | undefined, after: Resource): TransactWriteItem[] {
  const was = before === undefined ? [] : usesOf(before);
  const is = usesOf(after);
  const added = is.filter((use) => !was.some((other) => other.resourceId === use.resourceId));
  const dropped = was.filter((use) => !is.some((other) => other.resourceId === use.resourceId));
  return [
    ...added.map((use) => link(after, use, "ADD")),
    ...dropped.map((use) => link(after, use, "DELETE")),
  ];
}

function link(user: Resource, use: Use, verb: "ADD" | "DELETE"): TransactWriteItem {
  const usable = [
    "attribute_exists(pk) AND #state <> :deleted",
    "(attribute_not_exists(pendingKind) OR pendingKind <> :delete)",
    ...(use.isExclusive ? ["attribute_not_exists(usedBy)"] : []),
  ];
  const isAdded = verb === "ADD";
  return {
    Update: {
      TableName: env.sessionsTable,
      Key: resourceKey(user.tenantId, use.resourceId),
      UpdateExpression: `${verb} usedBy :user`,
      ConditionExpression: isAdded ? usable.join(" AND ") : "attribute_exists(pk)",
      ...(isAdded ? { ExpressionAttributeNames: { "#state": "state" } } : {}),
      ExpressionAttributeValues: {
        ":user": { SS: [user.resourceId] },
        ...(isAdded ? { ":deleted": { S: "deleted" }, ":delete": { S: "delete" } } : {}),
      },
    },
  };
}

function rowOf(after: Resource): Readonly<Record<string, unknown>> {
  const { usedBy: _usedBy, ...resource } = after;
  return {
    resource,
    version: after.version,
    type: after.blueprint.type,
    state: after.state,
    pendingKind: after.pending?.operation.kind,
    holders:
      after.holders.length === 0 ? undefined : after.holders.map((holder) => holder.sessionId).join(" "),
    scales: after.scaling === undefined ? undefined : "yes",
    ttl: after.state === "deleted" ? Math.ceil(after.updatedAtMs / 1000) + DELETED_KEPT_SECONDS : undefined,
  };
}
