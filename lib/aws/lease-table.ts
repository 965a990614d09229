import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, number, optionalNumber, optionalText, toItem } from "./item.ts";

/** The right to do the work of one period, as `lib/events/schedule.ts` has it. */
interface Lease {
  readonly schedule: string;
  readonly period: string;
  readonly fencingToken: number;
}

interface LeaseClaim {
  readonly schedule: string;
  readonly period: string;
  readonly nowMs: number;
  readonly untilMs: number;
  readonly again: boolean;
}

/** How long a finished period is remembered: a delivery comes again within a day. */
const FINISHED_KEPT_SECONDS = 7 * 86_400;

/** Leases in the sessions table: a row for each period of a schedule, removed by the table's TTL. */
export function leaseTable(client: DynamoDBClient = dynamoClient()) {
  return {
    acquire: (claim: LeaseClaim): Promise<Lease | "held" | "finished"> => acquire(client, claim),
    finish: (lease: Lease, nowMs: number): Promise<void> =>
      settle(client, lease, { leaseUntilMs: 0, finishedAtMs: nowMs }),
    release: (lease: Lease): Promise<void> => settle(client, lease, { leaseUntilMs: 0 }),
  };
}

/** Refuses a transaction whose run has lost its lease to a later one. */
export function leaseCheck(lease: Lease): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: env.sessionsTable,
      Key: leaseKey(lease),
      ConditionExpression: "fencingToken = :mine",
      ExpressionAttributeValues: toItem({ ":mine": lease.fencingToken }),
    },
  };
}

async function acquire(
  client: DynamoDBClient,
  { schedule, period, nowMs, untilMs, again }: LeaseClaim,
): Promise<Lease | "held" | "finished"> {
  const holder = randomUUID();
  try {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: env.sessionsTable,
        Key: leaseKey({ schedule, period }),
        UpdateExpression:
          "SET holder = :holder, leaseUntilMs = :until, #ttl = :ttl REMOVE finishedAtMs ADD fencingToken :one",
        ConditionExpression: `attribute_not_exists(pk) OR (leaseUntilMs <= :now${
          again ? "" : " AND attribute_not_exists(finishedAtMs)"
        })`,
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: toItem({
          ":holder": holder,
          ":now": nowMs,
          ":until": untilMs,
          ":ttl": Math.ceil(untilMs / 1000) + FINISHED_KEPT_SECONDS,
          ":one": 1,
        }),
        ReturnValues: "UPDATED_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return { schedule, period, fencingToken: number(Attributes, "fencingToken") };
  } catch (thrown) {
    if (!(thrown instanceof ConditionalCheckFailedException)) throw translated(thrown);
    const { Item = {} } = thrown;
    // The SDK repeats a call whose answer was lost: what stands in the way may be what it wrote itself.
    if (optionalText(Item, "holder") === holder) {
      return { schedule, period, fencingToken: number(Item, "fencingToken") };
    }
    return optionalNumber(Item, "finishedAtMs") === undefined ? "held" : "finished";
  }
}

/** Whoever lost the lease has nothing to say of it any more. */
async function settle(
  client: DynamoDBClient,
  lease: Lease,
  state: { readonly leaseUntilMs: number; readonly finishedAtMs?: number },
): Promise<void> {
  const names = Object.keys(state);
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: env.sessionsTable,
        Key: leaseKey(lease),
        UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(", ")}`,
        ConditionExpression: "fencingToken = :mine",
        ExpressionAttributeValues: {
          ...toItem(Object.fromEntries(Object.entries(state).map(([name, value]) => [`:${name}`, value]))),
          ...toItem({ ":mine": lease.fencingToken }),
        },
      }),
    );
  } catch (thrown) {
    if (!(thrown instanceof ConditionalCheckFailedException)) throw translated(thrown);
  }
}

function leaseKey({ schedule, period }: Pick<Lease, "schedule" | "period">): Item {
  return { pk: { S: `lease#${schedule}` }, sk: { S: period } };
}
