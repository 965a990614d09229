import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";

/** Everything that the tables of the running test hold, as text to look for what must not be there. */
export async function everyRow(client: DynamoDBClient): Promise<string> {
  const { SESSIONS_TABLE, IDENTITY_TABLE, ACTIVITY_TABLE, BILLING_TABLE, DERIVED_TABLE } = process.env;
  const tables = [SESSIONS_TABLE, IDENTITY_TABLE, ACTIVITY_TABLE, BILLING_TABLE, DERIVED_TABLE];
  const scans = await Promise.all(tables.map((TableName) => client.send(new ScanCommand({ TableName }))));
  return JSON.stringify(scans.map(({ Items }) => Items));
}
