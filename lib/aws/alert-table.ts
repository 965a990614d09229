import { createHash } from "node:crypto";
import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import type { EpochMs } from "../time.ts";
import type { Alert } from "../unusual/alert.ts";
import type {
  AlertGroup,
  AlertListQuery,
  AlertPage,
  AlertStore,
  VersionedAlert,
} from "../unusual/alert-store.ts";
import { readRows } from "./caller-reader.ts";
import { systemNow } from "./clock.ts";
import { getDerived, queryRows } from "./derived-rows.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { document, type Item, number, text, toAttribute, toItem } from "./item.ts";
import { ConditionRefused, commit } from "./transact.ts";

/** As long as records are kept by default: without its evidence an alert says little. */
const KEPT_SECONDS = 400 * 86_400;
/** Alerts of one group that something may still be added to, the newest. */
const GROUP_MAX = 20;
const BATCH_MAX = 100;

/**
 * Alerts in the derived table. Beside an alert's own row there is one in the list of its status, and one for its group,
 * which is what keeps two deliveries from opening the same alert twice.
 */
export function alertTable(
  client: DynamoDBClient = dynamoClient(),
  now: () => EpochMs = systemNow,
): AlertStore {
  return {
    get: async (tenantId, alertId) => {
      const row = await getDerived(client, alertKey(tenantId, alertId));
      return row === undefined ? undefined : versionedOf(row);
    },
    list: (query) => listAlerts(client, query),
    ofGroup: async (tenantId, group) => {
      const row = await getDerived(client, groupKey(tenantId, group));
      const ids = row === undefined ? [] : document<readonly string[]>(row, "alertIds");
      const alerts = (await readAlerts(client, tenantId, ids)).filter(
        ({ alert }) => alert.status !== "closed",
      );
      return { tenantId, group, version: row === undefined ? 0 : number(row, "version"), alerts };
    },
    saveGroup: async (group, { alerts, opened }) => {
      const ttl = ttlAt(now());
      const changed = alerts.filter((one) => !group.alerts.includes(one));
      const writes = [groupPut(group, alerts, ttl), ...changed.flatMap((one) => alertWrites(one, ttl))];
      try {
        await commit(client, {
          writes,
          also: opened.map((trail) => trail.record()),
          retentionDays: opened[0]?.retentionDays(),
        });
        return true;
      } catch (thrown) {
        if (thrown instanceof ConditionRefused) return false;
        throw thrown;
      }
    },
    move: (before, after, trail) => {
      trail.changed(changesBetween(shownState(before.alert), shownState(after)));
      const writes = moveWrites(before, after, ttlAt(now()));
      return commitGuarded(
        client,
        writes.map((write) => ({ write, refusal: "moved" as const })),
        { trail },
      );
    },
  };
}

async function listAlerts(client: DynamoDBClient, query: AlertListQuery): Promise<AlertPage> {
  const { tenantId, status, limit, afterId } = query;
  const ids: string[] = [];
  const rows = queryRows(client, {
    TableName: env.derivedTable,
    KeyConditionExpression: `pk = :list${afterId === undefined ? "" : " AND sk < :after"}`,
    ExpressionAttributeValues: {
      ":list": { S: listPartition(tenantId, status) },
      ...(afterId === undefined ? {} : { ":after": { S: afterId } }),
    },
    ProjectionExpression: "sk",
    ScanIndexForward: false,
    Limit: limit + 1,
  });
  for await (const row of rows) {
    if (ids.push(text(row, "sk")) > limit) break;
  }
  const page = ids.slice(0, limit);
  const alerts = (await readAlerts(client, tenantId, page)).map(({ alert }) => alert);
  const last = page.at(-1);
  return {
    // One may have gone into another status between the two reads.
    alerts: alerts.filter((alert) => status === undefined || alert.status === status),
    ...(ids.length > limit && last !== undefined ? { nextAfterId: last } : {}),
  };
}

/** Alerts by their ids, newest first. */
async function readAlerts(
  client: DynamoDBClient,
  tenantId: string,
  ids: readonly string[],
): Promise<readonly VersionedAlert[]> {
  const found: VersionedAlert[] = [];
  for (let from = 0; from < ids.length; from += BATCH_MAX) {
    const keys = ids.slice(from, from + BATCH_MAX).map((id) => alertKey(tenantId, id));
    const rows = await readRows(client, { [env.derivedTable]: keys });
    found.push(...(rows[env.derivedTable] ?? []).map(versionedOf));
  }
  return found.sort((a, b) => (a.alert.id < b.alert.id ? 1 : -1));
}

function versionedOf(row: Item): VersionedAlert {
  return { alert: document<Alert>(row, "alert"), version: number(row, "version") };
}

function groupPut(
  { tenantId, group, version }: AlertGroup,
  alerts: readonly VersionedAlert[],
  ttl: number,
): TransactWriteItem {
  const newest = alerts.toSorted((a, b) => b.alert.lastTimeMs - a.alert.lastTimeMs).slice(0, GROUP_MAX);
  return {
    Put: {
      TableName: env.derivedTable,
      Item: {
        ...groupKey(tenantId, group),
        ...toItem({ version: version + 1, alertIds: newest.map(({ alert }) => alert.id), ttl }),
      },
      ...atVersion(version),
    },
  };
}

function alertWrites({ alert, version }: VersionedAlert, ttl: number): readonly TransactWriteItem[] {
  return [
    alertPut(alert, version, ttl),
    ...(version > 0 ? [] : [listPut(alert, undefined, ttl), listPut(alert, alert.status, ttl)]),
  ];
}

function moveWrites(
  { alert: before, version }: VersionedAlert,
  after: Alert,
  ttl: number,
): readonly TransactWriteItem[] {
  return [
    alertPut(after, version, ttl),
    {
      Delete: {
        TableName: env.derivedTable,
        Key: listKey(before, before.status),
      },
    },
    listPut(after, after.status, ttl),
    listPut(after, undefined, ttl),
  ];
}

function alertPut(alert: Alert, version: number, ttl: number): TransactWriteItem {
  return {
    Put: {
      TableName: env.derivedTable,
      Item: { ...alertKey(alert.tenantId, alert.id), ...toItem({ version: version + 1, alert, ttl }) },
      ...atVersion(version),
    },
  };
}

function listPut(alert: Alert, status: Alert["status"] | undefined, ttl: number): TransactWriteItem {
  return { Put: { TableName: env.derivedTable, Item: { ...listKey(alert, status), ...toItem({ ttl }) } } };
}

function atVersion(version: number) {
  return version === 0
    ? { ConditionExpression: "attribute_not_exists(pk)" }
    : {
        ConditionExpression: "version = :before",
        ExpressionAttributeValues: { ":before": toAttribute(version) },
      };
}

/** What of an alert goes on record when somebody changes it. */
function shownState({ status, note }: Alert) {
  return { status, ...(note === undefined ? {} : { note }) };
}

function ttlAt(nowMs: EpochMs): number {
  return Math.ceil(nowMs / 1000) + KEPT_SECONDS;
}

function alertKey(tenantId: string, alertId: string): Item {
  return { pk: { S: `${tenantId}#alert#${alertId}` }, sk: { S: "alert" } };
}

function listKey({ tenantId, id }: Alert, status: Alert["status"] | undefined): Item {
  return { pk: { S: listPartition(tenantId, status) }, sk: { S: id } };
}

function listPartition(tenantId: string, status: Alert["status"] | undefined): string {
  return `${tenantId}#alerts#${status ?? "all"}`;
}

/** A group holds what a record says, which can be of any length. */
function groupKey(tenantId: string, group: string): Item {
  const hash = createHash("sha256").update(group).digest("base64url");
  return { pk: { S: `${tenantId}#alert-group#${hash}` }, sk: { S: "group" } };
}
