import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ClosedMonths } from "../billing/hand-out-closes.ts";
import { PLATFORM_TENANT_ID } from "../identity/tenant.ts";
import { getBilling, putBilling } from "./billing-rows.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { text, toItem } from "./item.ts";

const KEY = { pk: `${PLATFORM_TENANT_ID}#months`, sk: "closed-through" };

/** The month up to which every tenant's billing is final, in the billing table. */
export function billingClosedMonths(client: DynamoDBClient = dynamoClient()): ClosedMonths {
  return {
    through: async () => {
      const row = await getBilling(client, toItem(KEY));
      return row === undefined ? undefined : text(row, "month");
    },
    settle: (month) => putBilling(client, [toItem({ ...KEY, month })]),
  };
}
