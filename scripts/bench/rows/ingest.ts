/** Row 8: write units for a usage event that is taken in, in batches of 100, each counted once. */
import { CreateTableCommand, type DynamoDBClient, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { people } from "../calls/people.ts";
import { type CallCount, countCalls } from "../count-calls.ts";
import { type BenchProduct, startProduct } from "../product.ts";
import { type Row, rounded } from "../row.ts";

const BATCH = 100;
/** The machine is made before the first event: an event that comes again says the same. */
const TIME = new Date().toISOString();
const PEER_TABLE = "bench-usage";

export async function measure(): Promise<readonly Row[]> {
  const product = await startProduct();
  try {
    const { billingTable } = (await import("../../../lib/aws/env.ts")).env;
    const calls = countCalls(product.client);
    const writes = countCalls(
      product.client,
      (input) => "Item" in input && "TableName" in input && input.TableName === billingTable,
    );
    const { login } = people(product);
    const token = (await login(await product.addTenant())).body.accessToken;
    const ingest = (batch: number) =>
      product.call("functions/usage/ingest", "POST /v1/usage", {
        ...{ method: "POST", path: "/v1/usage", token, body: eventsOf(batch) },
        contentType: "application/cloudevents-batch+json",
      });
    const resourceId = await machine(product, token);
    const eventsOf = (batch: number) =>
      Array.from({ length: BATCH }, (_, index) => event(resourceId, batch * BATCH + index));
    await ingest(0);
    calls.take();
    writes.take();
    const { status, body } = await ingest(1);
    if (status !== 202 || body.accepted !== BATCH) throw new Error(`${status}: ${JSON.stringify(body)}`);
    const [whole, own] = [calls.take(), writes.take()];
    const again = await ingest(1);
    if (again.body.duplicates !== BATCH) throw new Error("An event that came again was not known.");
    return [rowOf({ whole, own, peer: await claimAndItem(product.client, calls.take) })];
  } finally {
    product.stop();
  }
}

async function machine(product: BenchProduct, token: string): Promise<string> {
  const spec = { vcpus: 2, memoryGiB: 4, image: "debian-13" };
  const { status, body } = await product.call("functions/resources/index", "POST /v1/resources", {
    ...{ method: "POST", path: "/v1/resources", token, body: { type: "vm", name: "measured", spec } },
  });
  if (status !== 202) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body.id;
}

/** A gauge's reading, as a metering agent sends it. */
function event(resourceId: string, place: number) {
  return {
    ...{
      specversion: "1.0",
      id: `event-${place}`,
      source: "/bench/agent",
      type: "usage.cpu",
      subject: resourceId,
    },
    time: TIME,
    data: { value: String(1 + (place % 4)) },
  };
}

/** What one would build first: the event and the claim of its name, in one transaction each. */
async function claimAndItem(client: DynamoDBClient, take: () => CallCount): Promise<CallCount> {
  await client.send(
    new CreateTableCommand({
      TableName: PEER_TABLE,
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  take();
  await Promise.all(
    Array.from({ length: BATCH }, (_, place) => {
      const put = (pk: string, item: object) => ({
        Put: {
          TableName: PEER_TABLE,
          Item: { pk: { S: pk }, event: { S: JSON.stringify(item) } },
          ConditionExpression: "attribute_not_exists(pk)",
        },
      });
      const one = event("res_bench", place);
      return client.send(
        new TransactWriteItemsCommand({
          TransactItems: [put(`claim#${one.id}`, {}), put(`event#${one.id}`, one)],
        }),
      );
    }),
  );
  return take();
}

interface Counted {
  readonly whole: CallCount;
  readonly own: CallCount;
  readonly peer: CallCount;
}

function rowOf({ whole, own, peer }: Counted): Row {
  const [units, unitsOfPeer] = [own.writeUnits / BATCH, peer.writeUnits / BATCH];
  return {
    name: `8. write units for an ingested usage event, ${BATCH} together, each counted once`,
    figure:
      `${rounded(units)} in ${own.tripsInARow} trip in a row ` +
      `(the whole request, with its record and its series announced: ${rounded(whole.writeUnits / BATCH)})`,
    peer: `an item and its claim in a transaction each: ${rounded(unitsOfPeer)}`,
    ratio: rounded(unitsOfPeer / units),
    target: "≤ 2.1, one trip for 100",
    limit: "1: the event's own row",
    reached: units <= 2.1 && own.tripsInARow === 1,
  };
}
