import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import type { Budget, BudgetStore } from "../billing/budget.ts";
import { ATTO_DECIMALS, formatAtto, parseDecimal } from "../decimal.ts";
import { getBilling, queryBilling } from "./billing-rows.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { document, type Item, number, text, toAttribute, toItem } from "./item.ts";

/** One partition for all: the schedule goes through those tenants alone that have a budget. */
const BUDGETS = "budgets";

const PAGE = 200;

/** Budgets in the billing table, a row for each tenant. */
export function budgetTable(client: DynamoDBClient = dynamoClient()): BudgetStore {
  return {
    get: async (tenantId) => {
      const row = await getBilling(client, budgetKey(tenantId));
      return row === undefined ? undefined : budgetOf(row);
    },
    replace: ({ tenantId, before, after }, trail) => {
      trail.changed(changesBetween(before === undefined ? {} : recorded(before), recorded(after)));
      const write = budgetWrite(tenantId, after);
      return commitGuarded(client, [{ write, refusal: "stale" }], { trail });
    },
    tenantIds: () => tenantIds(client),
  };
}

async function* tenantIds(client: DynamoDBClient): AsyncGenerator<readonly string[]> {
  const rows = queryBilling(client, {
    KeyConditionExpression: "pk = :budgets",
    ExpressionAttributeValues: { ":budgets": { S: BUDGETS } },
    ProjectionExpression: "sk",
  });
  let page: string[] = [];
  for await (const row of rows) {
    if (page.push(text(row, "sk")) < PAGE) continue;
    yield page;
    page = [];
  }
  yield page;
}

function budgetWrite(tenantId: string, budget: Budget) {
  const { version } = budget;
  return {
    Put: {
      TableName: env.billingTable,
      Item: {
        ...budgetKey(tenantId),
        ...toItem({ ...recorded(budget), version }),
      },
      ...(version === 1
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : {
            ConditionExpression: "version = :before",
            ExpressionAttributeValues: { ":before": toAttribute(version - 1) },
          }),
    },
  };
}

/** What of a budget is stored and goes on record. */
function recorded({ amount, thresholds }: Budget) {
  return { amount, thresholds: thresholds.map(formatAtto) };
}

function budgetKey(tenantId: string) {
  return { pk: { S: BUDGETS }, sk: { S: tenantId } };
}

function budgetOf(row: Item): Budget {
  return {
    amount: text(row, "amount"),
    thresholds: document<readonly string[]>(row, "thresholds").map(thresholdOf),
    version: number(row, "version"),
  };
}

function thresholdOf(written: string): bigint {
  const threshold = parseDecimal(written, ATTO_DECIMALS);
  if (threshold === undefined) throw new Error("A budget's threshold is not a decimal.");
  return threshold;
}
