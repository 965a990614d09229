import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import { type AlertRulesStore, defaultRules } from "../unusual/alert-rules.ts";
import type { RuleSettings } from "../unusual/detect.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { document, type Item, number, toAttribute, toItem } from "./item.ts";

/** The settings of rules in the identity table, a row for each tenant that has its own. */
export function alertRulesTable(client: DynamoDBClient = dynamoClient()): AlertRulesStore {
  return {
    get: async (tenantId) => {
      const rows = await readRows(client, { [env.identityTable]: [rulesKey(tenantId)] });
      const row = rows[env.identityTable]?.[0];
      const byDefault = defaultRules();
      if (row === undefined) return byDefault;
      // A rule that has come since the tenant wrote its settings is on.
      const settings = { ...byDefault.settings, ...document<Partial<RuleSettings>>(row, "settings") };
      return { settings, version: number(row, "version") };
    },
    replace: async ({ tenantId, before, after }, trail) => {
      trail.changed(changesBetween(before.settings, after.settings));
      const write = {
        Put: {
          TableName: env.identityTable,
          Item: {
            ...rulesKey(tenantId),
            ...toItem({ settings: after.settings, version: after.version }),
          },
          ...(before.version === 0
            ? { ConditionExpression: "attribute_not_exists(pk)" }
            : {
                ConditionExpression: "version = :before",
                ExpressionAttributeValues: { ":before": toAttribute(before.version) },
              }),
        },
      };
      return await commitGuarded(client, [{ write, refusal: "moved" }], { trail });
    },
  };
}

function rulesKey(tenantId: string): Item {
  return { pk: { S: tenantId }, sk: { S: "alert-rules" } };
}
