import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { ActivityLog, ActivityPage, ActivityQuery, ActivityReader } from "../activity/activity.ts";
import {
  activityPartition,
  activityPut,
  activityRecord,
  FACETS,
  type Facet,
  facetKey,
} from "./activity-item.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { idBound } from "./ids.ts";
import { type Item, text } from "./item.ts";

/** The activity table: append-only, read by whatever is asked for, always in the order of time. */
export function activityTable(client: DynamoDBClient = dynamoClient()): ActivityLog & ActivityReader {
  return {
    append: async (record, retentionDays) => {
      try {
        await client.send(new PutItemCommand(activityPut(record, retentionDays)));
      } catch (thrown) {
        // The same id can only be this very record, whose first answer was lost.
        if (!(thrown instanceof ConditionalCheckFailedException)) throw translated(thrown);
      }
    },
    find: (query) => find(client, query),
    get: async (tenantId, id) => {
      try {
        const { Item } = await client.send(
          new GetItemCommand({
            TableName: env.activityTable,
            Key: { pk: { S: activityPartition(tenantId) }, sk: { S: id } },
            ConsistentRead: true,
          }),
        );
        return Item === undefined ? undefined : activityRecord(Item);
      } catch (thrown) {
        throw translated(thrown);
      }
    },
  };
}

/** Rows that one read looks at when a filter leaves some of them out. */
const ROWS_A_READ = 1000;
/** Reads for one page. A filter that hardly anything passes gives a short page and goes on from there. */
const READS_MAX = 10;

async function find(client: DynamoDBClient, query: ActivityQuery): Promise<ActivityPage> {
  const bounds = boundsOf(query);
  if (bounds.low > bounds.high) return { records: [] };
  const plan = planOf(query, bounds);
  const found: Item[] = [];
  let startKey: Item | undefined;
  let reads = 0;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({ ...plan, ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }) }),
      );
      found.push(...Items);
      startKey = LastEvaluatedKey;
      reads += 1;
      // An empty page is not the end: the filter is applied after the page is cut.
    } while (startKey !== undefined && found.length <= query.limit && reads < READS_MAX);
  } catch (thrown) {
    throw translated(thrown);
  }
  const page = found.slice(0, query.limit);
  const nextAfter = found.length > query.limit ? page.at(-1) : startKey;
  return {
    records: page.map(activityRecord),
    ...(nextAfter === undefined ? {} : { nextAfterId: text(nextAfter, "sk") }),
  };
}

interface Bounds {
  readonly low: string;
  readonly high: string;
}

/** The first facet that is asked for chooses the index; DynamoDB filters by the others. */
function planOf(query: ActivityQuery, { low, high }: Bounds): QueryCommandInput {
  const asked = askedFor(query);
  const chosen = asked.find(({ key }) => key !== undefined);
  const filters = asked.filter((facet) => facet !== chosen);
  return {
    TableName: env.activityTable,
    ...(chosen === undefined ? { ConsistentRead: true } : { IndexName: `${chosen.facet}-index` }),
    KeyConditionExpression: `${chosen === undefined ? "pk" : `${chosen.facet}Key`} = :key AND sk BETWEEN :low AND :high`,
    ...(filters.length === 0
      ? {}
      : {
          FilterExpression: filters
            .map(({ facet, key }) =>
              key === undefined ? `attribute_not_exists(${facet}Key)` : `${facet}Key = :${facet}`,
            )
            .join(" AND "),
        }),
    ExpressionAttributeValues: {
      ":key": { S: chosen?.key ?? activityPartition(query.tenantId) },
      ":low": { S: low },
      ":high": { S: high },
      ...Object.fromEntries(
        filters.flatMap(({ facet, key }) => (key === undefined ? [] : [[`:${facet}`, { S: key }]])),
      ),
    },
    ScanIndexForward: query.order === "oldest_first",
    // One more than asked for tells whether there is a next page.
    Limit: filters.length === 0 ? query.limit + 1 : Math.max(query.limit + 1, ROWS_A_READ),
  };
}

function askedFor(
  query: ActivityQuery,
): readonly { readonly facet: Facet; readonly key: string | undefined }[] {
  const values: Record<Facet, string | undefined> = {
    session: query.sessionId,
    task: query.taskId,
    run: query.workflowRunId,
    resource: query.resource,
    actor: query.userId,
    outcome: query.outcome,
    action: query.action,
    source: query.source,
  };
  return FACETS.flatMap((facet) => {
    const value = values[facet];
    return value === undefined ? [] : [{ facet, key: facetKey(query.tenantId, facet, value) }];
  });
}

/** Ids sort by time, so that a range of time and the place a page ended on are both bounds of one range of ids. */
function boundsOf(query: ActivityQuery): Bounds {
  const { afterId, order } = query;
  const isForward = order === "oldest_first";
  const lows = [
    idBound("act", query.fromMs ?? 0),
    ...(afterId !== undefined && isForward ? [`${afterId}!`] : []),
  ];
  const highs = [
    "act_~",
    ...(query.toMs === undefined ? [] : [before(idBound("act", query.toMs))]),
    ...(query.throughId === undefined ? [] : [query.throughId]),
    ...(afterId !== undefined && !isForward ? [before(afterId)] : []),
  ];
  return { low: lows.sort().at(-1) ?? "", high: highs.sort()[0] ?? "" };
}

/** The greatest key below `id`, for keys of this length: the ids' alphabet ends at z, below the tilde. */
function before(id: string): string {
  const last = id.charCodeAt(id.length - 1);
  return `${id.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}
