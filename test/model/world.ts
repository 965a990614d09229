import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { makeTables, type TableNames } from "../../scripts/local/tables.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { localAccess } from "../support/dynamodb-local.ts";
import { type Fault, injectFaults } from "../support/faults.ts";
import { type HandOver, type StreamDelivery, streamDelivery } from "../support/stream-delivery.ts";
import { type ProcessChance, seedProcess } from "./chance.ts";

/** Each run begins on a Monday, 30 hours before a month is over. */
const START_MS = Date.parse("2026-03-30T18:00:00.000Z");

/** The whole product in this process, to be given to one run after another: each has a database and a clock of its own. */
export interface Stage {
  readonly app: TestApp;
  /** Sets the stage for a run of a seed. */
  set(seed: number): Promise<Scene>;
  stop(): void;
}

/** What a run has to itself. */
export interface Scene {
  readonly app: TestApp;
  /** Reads the tables beside the product. */
  readonly database: DynamoDBClient;
  readonly tables: TableNames;
  /** Says from now on what becomes of the calls of the product. */
  suffer(next: () => Fault): void;
  /** Follows the streams of this run's tables. */
  streams(handOver: HandOver): StreamDelivery;
  close(): void;
}

/** Loads the product, once for a process. */
export async function openStage(): Promise<Stage> {
  const chance = seedProcess();
  const app = await startApp({
    now: new Date(START_MS).toISOString(),
    // What goes wrong on purpose would be all of the log; the simulated provider is done at once.
    env: { POWERTOOLS_LOG_LEVEL: "SILENT", LOCAL_PROVIDER_DELAY_MS: "0" },
  });
  const { dynamoClient } = await import("../../lib/aws/dynamo-client.ts");
  const { newId } = await import("../../lib/aws/ids.ts");
  const client = dynamoClient();
  let runs = 0;
  return {
    app,
    set: async (seed) => {
      runs += 1;
      const account = `run${runs}`;
      useDatabaseOf(client, account);
      app.clock.advance(START_MS - app.clock.now());
      app.forgetCodes();
      reseed(chance, seed, newId);
      const access = { ...localAccess(), credentials: { accessKeyId: account, secretAccessKey: "local" } };
      const database = new DynamoDBClient(access);
      const tables = tablesOfProduct();
      await makeTables(database, tables, { ttl: false });
      let next: () => Fault = () => "none";
      const heal = injectFaults(client, () => next());
      return {
        ...{ app, database, tables },
        suffer: (from) => {
          next = from;
        },
        streams: (handOver) => streamDelivery({ client: database, tables, handOver, access }),
        close: () => {
          heal();
          database.destroy();
        },
      };
    },
    stop: () => {
      app.stop();
      chance.stop();
    },
  };
}

/** DynamoDB Local keeps a database for each access key, and asks for no signature. */
function useDatabaseOf(client: DynamoDBClient, account: string): void {
  client.middlewareStack.add(
    (send) => async (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["authorization"] = headers["authorization"]?.replace(/(?<=Credential=)\w+/, account) ?? "";
      return await send(args);
    },
    { step: "finalizeRequest", name: "database", priority: "low", override: true },
  );
}

/** Ids are made of chance that is drawn for many at once: what is left of it is another run's. */
function reseed(chance: ProcessChance, seed: number, newId: (prefix: string) => string): void {
  chance.reseed(seed);
  const before = chance.fills();
  // An id takes a few bytes of some thousand.
  for (let i = 0; i < 10_000 && chance.fills() === before; i++) newId("unused");
  if (chance.fills() === before) throw new Error("Ids do not follow from the seed.");
}

function tablesOfProduct(): TableNames {
  const named = (name: string) => process.env[`${name}_TABLE`] ?? "";
  return {
    sessions: named("SESSIONS"),
    identity: named("IDENTITY"),
    activity: named("ACTIVITY"),
    billing: named("BILLING"),
    derived: named("DERIVED"),
  };
}
