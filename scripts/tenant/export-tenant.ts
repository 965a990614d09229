import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { toRfc3339 } from "../../lib/time.ts";
import { readableRow } from "./readable-row.ts";
import { TABLE_KEYS, type TableKey, tenantRows } from "./tenant-rows.ts";

/** How many rows an export holds, and how many it leaves out because they are secrets and nothing else. */
export interface ExportReport {
  readonly rows: Readonly<Record<TableKey, number>>;
  readonly leftOut: number;
}

/** Writes every row of a tenant as a line of JSON, after one line that says what it is. */
export async function exportTenant(
  { client, now, write }: ExportDeps,
  tenantId: string,
): Promise<ExportReport> {
  const rows = { identity: 0, sessions: 0, activity: 0, billing: 0, derived: 0 };
  let leftOut = 0;
  await write({ export: "active-session/tenant", version: 1, tenantId, exportedAt: toRfc3339(now()) });
  for (const table of TABLE_KEYS) {
    for await (const page of tenantRows(client, table, tenantId)) {
      for (const row of page) {
        const readable = readableRow(row);
        if (readable === undefined) leftOut++;
        else {
          rows[table]++;
          await write({ table, ...readable });
        }
      }
    }
  }
  return { rows, leftOut };
}

/** What an export needs. */
export interface ExportDeps {
  readonly client: DynamoDBClient;
  readonly now: () => number;
  /** Takes one line, as what it is to say. */
  readonly write: (line: Readonly<Record<string, unknown>>) => Promise<void> | void;
}
