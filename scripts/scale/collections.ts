import type { ActivityRecord } from "../../lib/activity/activity.ts";
import { activityPut, FACETS } from "../../lib/aws/activity-item.ts";
import { attachmentPartition, heldBySessionKey, heldInTenantKey } from "../../lib/aws/attachment-item.ts";
import { tenantKey, userKey } from "../../lib/aws/identity-item.ts";
import { type Item, text } from "../../lib/aws/item.ts";
import { backlogKey, journalPartition } from "../../lib/aws/journal-table.ts";
import { openSeriesKey } from "../../lib/aws/open-series-item.ts";
import { resourceKey } from "../../lib/aws/resource-item.ts";
import { monthPartition } from "../../lib/aws/roll-up-table.ts";
import { guardKey } from "../../lib/aws/session-guard.ts";
import { sessionItem, sessionKey } from "../../lib/aws/session-item.ts";
import { addressKey } from "../../lib/aws/sign-in-item.ts";
import { usageEventPut } from "../../lib/aws/usage-event-item.ts";
import { emailKey } from "../../lib/aws/user-writes.ts";
import type { Session } from "../../lib/session/session.ts";
import type { UsageEvent } from "../../lib/usage/usage-event.ts";
import type { TableKey } from "../local/tables.ts";

/**
 * How the rows of one partition key take what they are asked for. `row`: it goes to one row, which no split divides.
 * `end`: writes go where the sort key ends, which is always in one partition. `anywhere`: it goes to all sort keys alike,
 * so that DynamoDB may split the collection when it stays hot (it does within minutes, and promises nothing).
 */
export type Spread = "row" | "end" | "anywhere";

/** Whom and what an action is of: what keys are made from. */
export interface Subject {
  readonly tenantId: string;
  readonly userId: string;
  readonly email: string;
  readonly ip: string;
  readonly session: Session;
  readonly resourceId: string;
  readonly record?: ActivityRecord;
  readonly event?: UsageEvent;
}

/** Rows that share a partition key, in a table or in one of its indexes. */
export interface Collection {
  readonly name: string;
  readonly table: TableKey;
  readonly index?: string;
  readonly spread: Spread;
  /** The partition key of this collection for a subject; `undefined` where it has no such row. */
  readonly keyOf: (subject: Subject) => string | undefined;
  /** The sort key, where collections that share a partition key are told apart by it. */
  readonly sortOf?: (subject: Subject) => string;
}

const partitionOf = (key: Item): string => text(key, "pk");
const sortOf = (key: Item): string => text(key, "sk");
const MONTH = "2026-11";
const GRACE_MS = 60_000;

/** The collections of the product that requests reach, each by the key function that the product itself uses. */
export const COLLECTIONS: readonly Collection[] = [
  ...sessionCollections(),
  ...identityCollections(),
  ...activityCollections(),
  ...billingCollections(),
  ...derivedCollections(),
];

/** A collection whose key is the same whoever asks: all of the deployment shares its partition. */
export function sharedCollection(table: TableKey, key: string): Collection {
  return { name: `“${key}”, one for all tenants`, table, spread: "row", keyOf: () => key };
}

function sessionCollections(): readonly Collection[] {
  const base = { table: "sessions" } as const;
  const indexed = (one: Pick<Collection, "name" | "spread" | "index">, attribute: string): Collection => ({
    ...{ ...base, ...one },
    keyOf: ({ session }) => sessionItem(session, GRACE_MS)[attribute]?.S,
  });
  return [
    {
      ...{ ...base, name: "a session and its state", spread: "row" },
      keyOf: ({ tenantId, session }) => partitionOf(sessionKey(tenantId, session.sessionId)),
    },
    {
      ...{ ...base, name: "a user's guard, attempts and challenges", spread: "row" },
      keyOf: (subject) => partitionOf(guardKey(subject)),
    },
    {
      ...{ ...base, name: "failures from an address", spread: "row" },
      keyOf: ({ ip }) => partitionOf(addressKey(ip, 0)),
    },
    {
      ...{ ...base, name: "a tenant's resources", spread: "anywhere" },
      keyOf: ({ tenantId, resourceId }) => partitionOf(resourceKey(tenantId, resourceId)),
    },
    {
      ...{ ...base, name: "a resource's attachments", spread: "end" },
      keyOf: ({ tenantId, resourceId }) => attachmentPartition(tenantId, resourceId),
    },
    indexed({ name: "a user's sessions", spread: "anywhere", index: "user-index" }, "userKey"),
    indexed({ name: "a tenant's sessions", spread: "anywhere", index: "tenant-index" }, "tenantKey"),
    indexed({ name: "active sessions by their end", spread: "end", index: "expiry-index" }, "expiryKey"),
    indexed({ name: "a session by its id alone", spread: "row", index: "lookup-index" }, "lookupKey"),
    {
      ...{ ...base, name: "what a session holds", index: "user-index", spread: "anywhere" },
      keyOf: ({ tenantId, session }) => heldBySessionKey(tenantId, session.sessionId),
    },
    {
      ...{ ...base, name: "what a tenant's sessions hold", index: "tenant-index", spread: "end" },
      keyOf: ({ tenantId }) => heldInTenantKey(tenantId),
    },
  ];
}

function identityCollections(): readonly Collection[] {
  const base = { table: "identity" } as const;
  return [
    {
      ...{ ...base, name: "a tenant's own row", spread: "row" },
      keyOf: ({ tenantId }) => partitionOf(tenantKey(tenantId)),
      sortOf: ({ tenantId }) => sortOf(tenantKey(tenantId)),
    },
    {
      ...{ ...base, name: "a tenant's users", spread: "anywhere" },
      keyOf: ({ tenantId, userId }) => partitionOf(userKey(tenantId, userId)),
      sortOf: ({ tenantId, userId }) => sortOf(userKey(tenantId, userId)),
    },
    {
      ...{ ...base, name: "a user's secrets", spread: "row" },
      keyOf: (subject) => partitionOf(guardKey(subject)),
    },
    {
      ...{ ...base, name: "whose address it is", spread: "row" },
      keyOf: ({ email }) => partitionOf(emailKey(email)),
    },
  ];
}

function activityCollections(): readonly Collection[] {
  const of = (attribute: string) => (subject: Subject) =>
    subject.record === undefined ? undefined : activityPut(subject.record, 400).Item?.[attribute]?.S;
  return [
    { name: "a tenant's log", table: "activity", spread: "end", keyOf: of("pk") },
    ...FACETS.map(
      (facet): Collection => ({
        name: `a tenant's log by ${facet}`,
        ...{ table: "activity", index: `${facet}-index`, spread: "end", keyOf: of(`${facet}Key`) },
      }),
    ),
  ];
}

function billingCollections(): readonly Collection[] {
  const base = { table: "billing" } as const;
  const ofEvent = (attribute: string) => (subject: Subject) =>
    subject.event === undefined ? undefined : usageEventPut(subject.event).Item?.[attribute]?.S;
  return [
    { ...base, name: "a usage event", spread: "row", keyOf: ofEvent("pk") },
    { ...base, name: "a series' events", index: "usage-index", spread: "end", keyOf: ofEvent("usageKey") },
    {
      ...{ ...base, name: "series that are open", spread: "anywhere" },
      keyOf: ({ event }) => (event === undefined ? undefined : partitionOf(openSeriesKey(event))),
    },
    {
      ...{ ...base, name: "a tenant's usage of a month", spread: "anywhere" },
      keyOf: ({ tenantId }) => monthPartition(tenantId, MONTH),
    },
  ];
}

function derivedCollections(): readonly Collection[] {
  const base = { table: "derived" } as const;
  return [
    {
      ...{ ...base, name: "a tenant's journal", spread: "end" },
      keyOf: ({ tenantId }) => journalPartition(tenantId),
    },
    {
      ...{ ...base, name: "tenants with something new", spread: "anywhere" },
      keyOf: ({ tenantId }) => partitionOf(backlogKey(tenantId)),
    },
  ];
}
