import { hash } from "node:crypto";
import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import type { TrustChange, TrustRule, TrustStore } from "../workflow/trust.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded, type GuardedWrite } from "./guarded-write.ts";
import { type Item, text, toAttribute, toItem } from "./item.ts";
import { countHolders } from "./role-table.ts";
import { trustKey, trustOf } from "./workflow-principals.ts";

/**
 * Trust rules in the identity table: one row a tenant, and one for each issuer and audience that it trusts, by which a
 * token finds the tenants that it may be for.
 */
export function trustTable(client: DynamoDBClient = dynamoClient()): TrustStore {
  return {
    read: async (tenantId) => {
      try {
        const input = { TableName: env.identityTable, Key: trustKey(tenantId), ConsistentRead: true };
        return trustOf((await client.send(new GetItemCommand(input))).Item);
      } catch (thrown) {
        throw translated(thrown);
      }
    },
    replace: async (change, trail) => {
      const { before, after } = change;
      trail.changed(changesBetween({ rules: before.rules }, { rules: after.rules }));
      return await commitGuarded(client, writesOf(change), { trail });
    },
    tenantsOf: async (of, limit) => {
      try {
        const { Items = [] } = await client.send(
          new QueryCommand({
            TableName: env.identityTable,
            KeyConditionExpression: "pk = :audience",
            ExpressionAttributeValues: { ":audience": { S: audiencePartition(of) } },
            ConsistentRead: true,
            Limit: limit,
          }),
        );
        return Items.map((item) => text(item, "sk"));
      } catch (thrown) {
        throw translated(thrown);
      }
    },
  };
}

type Asked = Pick<TrustRule, "issuer" | "audience">;

function audiencePartition({ issuer, audience }: Asked): string {
  return `trust#${hash("sha256", JSON.stringify([issuer, audience]), "hex")}`;
}

function audienceKey(tenantId: string, asked: Asked): Item {
  return { pk: { S: audiencePartition(asked) }, sk: { S: tenantId } };
}

function writesOf(change: TrustChange): readonly GuardedWrite<"moved" | "role_changed">[] {
  const { tenantId, before, after, roles } = change;
  const partitions = (rules: readonly TrustRule[]) =>
    new Map(rules.map((rule) => [audiencePartition(rule), rule]));
  const [had, has] = [partitions(before.rules), partitions(after.rules)];
  const added = [...has].filter(([partition]) => !had.has(partition));
  const removed = [...had].filter(([partition]) => !has.has(partition));
  const writes: readonly TransactWriteItem[] = [
    { Put: rulesPut(change) },
    ...added.map(([, rule]) => ({
      Put: { TableName: env.identityTable, Item: audienceKey(tenantId, rule) },
    })),
    ...removed.map(([, rule]) => ({
      Delete: { TableName: env.identityTable, Key: audienceKey(tenantId, rule) },
    })),
  ];
  const [held, holds] = [namesIn(before.rules), namesIn(after.rules)];
  // A tenant's rules are one holder of each role that any of them gives.
  const given = new Map(roles.filter(({ name }) => !held.has(name)).map((role) => [role.name, role]));
  return [
    ...writes.map((write) => ({ write, refusal: "moved" as const })),
    ...countHolders({
      tenantId,
      given: [...given.values()],
      taken: [...held].filter((name) => !holds.has(name)),
    }),
  ];
}

function rulesPut({ tenantId, before, after }: TrustChange) {
  return {
    TableName: env.identityTable,
    Item: { ...trustKey(tenantId), ...toItem({ rules: after.rules, version: after.version }) },
    ConditionExpression: before.version === 0 ? "attribute_not_exists(pk)" : "version = :before",
    ...(before.version === 0
      ? {}
      : { ExpressionAttributeValues: { ":before": toAttribute(before.version) } }),
  };
}

function namesIn(rules: readonly TrustRule[]): ReadonlySet<string> {
  return new Set(rules.flatMap(({ roles }) => roles));
}
