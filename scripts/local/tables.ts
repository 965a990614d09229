import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  ResourceInUseException,
  type StreamViewType,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { readYaml } from "./yaml.ts";

const DEFINITION = new URL("../../resources/tables.yml", import.meta.url);

/** The tables by what they hold. */
export type TableKey = "sessions" | "identity" | "activity" | "billing" | "derived";

/** The name of each table. */
export type TableNames = Readonly<Record<TableKey, string>>;

/** What `resources/tables.yml` says of a table, as far as DynamoDB Local knows it. */
interface TableProperties {
  readonly AttributeDefinitions: AttributeDefinition[];
  readonly KeySchema: KeySchemaElement[];
  readonly GlobalSecondaryIndexes?: GlobalSecondaryIndex[];
  readonly StreamSpecification?: { readonly StreamViewType: StreamViewType };
  readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean };
}

/** The names that the tables have under a prefix: `<prefix>-sessions` and so on. */
export function tableNames(prefix: string): TableNames {
  return {
    sessions: `${prefix}-sessions`,
    identity: `${prefix}-identity`,
    activity: `${prefix}-activity`,
    billing: `${prefix}-billing`,
    derived: `${prefix}-derived`,
  };
}

/** What tells functions the names of their tables (resources/environment.yml). */
export function tableVariables(names: TableNames): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [`${key.toUpperCase()}_TABLE`, name]));
}

/**
 * Makes the tables that `resources/tables.yml` defines, with their indexes and streams; one that is there
 * already is left as it is. `ttl` says whether the database is to remove expired rows.
 */
export async function makeTables(
  client: DynamoDBClient,
  names: TableNames,
  options: { readonly ttl: boolean },
): Promise<void> {
  const definitions = readTableDefinitions();
  // One after the other: DynamoDB Local takes as long, and answers in order.
  for (const [key, properties] of definitions) {
    const made = await makeTable(client, names[key], properties);
    const ttl = properties.TimeToLiveSpecification;
    if (made && options.ttl && ttl !== undefined) {
      await client.send(new UpdateTimeToLiveCommand({ TableName: names[key], TimeToLiveSpecification: ttl }));
    }
  }
}

async function makeTable(
  client: DynamoDBClient,
  name: string,
  properties: TableProperties,
): Promise<boolean> {
  const input: CreateTableCommandInput = {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
    StreamSpecification: properties.StreamSpecification && {
      StreamEnabled: true,
      ...properties.StreamSpecification,
    },
  };
  try {
    await client.send(new CreateTableCommand(input));
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
}

/** The tables as `resources/tables.yml` defines them. */
export function readTableDefinitions(): Array<[TableKey, TableProperties]> {
  const { Resources: resources } = readYaml(DEFINITION) as {
    Resources: Record<`${Capitalize<TableKey>}Table`, { Properties: TableProperties }>;
  };
  return [
    ["sessions", resources.SessionsTable.Properties],
    ["identity", resources.IdentityTable.Properties],
    ["activity", resources.ActivityTable.Properties],
    ["billing", resources.BillingTable.Properties],
    ["derived", resources.DerivedTable.Properties],
  ];
}
