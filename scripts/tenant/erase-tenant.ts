import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from "@aws-sdk/client-dynamodb";
import type { Item } from "../../lib/aws/item.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { pause } from "../../lib/aws/transact.ts";
import { PLATFORM_TENANT_ID } from "../../lib/identity/tenant.ts";
import { DEFAULT_POLICY } from "../../lib/session/policy.ts";
import { beginErasure, confirmationOf, type Erasure, endErasure, findErasure } from "./erasure-row.ts";
import { isFinalInvoice, TABLE_KEYS, TABLES, type TableKey, tenantRows } from "./tenant-rows.ts";

/** What an erasure needs. */
export interface EraseDeps {
  readonly client: DynamoDBClient;
  readonly now: () => number;
  /** Lets pass the time that a request, or a run, that had read the tenant before may still write in. */
  readonly settle: () => Promise<void>;
  readonly say: (line: string) => void;
}

/** What to erase, and what the operator said. */
export interface EraseTenant {
  readonly tenantId: string;
  /** The tenant's name; of rows that a tenant has left behind, its id. */
  readonly confirm: string;
  readonly keepInvoices: boolean;
  /** Erases although resources are still there at the provider, which then nobody knows of any more. */
  readonly leaveResources: boolean;
}

/** What was erased. `recordId` is absent where nothing was there. */
export interface EraseReport {
  readonly erased: Readonly<Record<TableKey, number>>;
  readonly kept: number;
  readonly recordId?: string;
}

/** Rows of one batch (DynamoDB API Reference, BatchWriteItem). */
const BATCH = 25;

/** Why an erasure did not begin, or go on. */
export class EraseRefused extends Error {
  override readonly name = "EraseRefused";
}

/**
 * Erases a tenant: first the tenant itself, so that nothing new is written, then every row of it in every table, until a
 * pass over all of them finds none. Killed anywhere and started again, it goes on; done, it leaves one record.
 * @throws EraseRefused
 */
export async function eraseTenant(deps: EraseDeps, input: EraseTenant): Promise<EraseReport> {
  const { client, say } = deps;
  if (input.tenantId === PLATFORM_TENANT_ID)
    throw new EraseRefused("The platform's own tenant is not erased.");
  const erased = { identity: 0, sessions: 0, activity: 0, billing: 0, derived: 0 };
  const erasure = (await resumed(client, input)) ?? (await begun(deps, input));
  if (erasure === undefined) return { erased, kept: 0 };
  for (let pass = 1; ; pass++) {
    let found = 0;
    let kept = 0;
    for (const table of TABLE_KEYS) {
      const one = await erasePass(client, table, erasure);
      erased[table] += one.erased;
      found += one.erased;
      kept += one.kept;
    }
    say(`pass ${pass}: ${found} rows erased${kept > 0 ? `, ${kept} rows of final invoices kept` : ""}`);
    if (found === 0 && pass > 1) {
      const platform = await tenantTable(client).get(PLATFORM_TENANT_ID);
      const { activityRetentionDays } = platform?.policy ?? DEFAULT_POLICY;
      const at = { nowMs: deps.now(), retentionDays: activityRetentionDays };
      return { erased, kept, recordId: await endErasure(client, erasure, at) };
    }
    await deps.settle();
  }
}

async function resumed(client: DynamoDBClient, input: EraseTenant): Promise<Erasure | undefined> {
  const erasure = await findErasure(client, input.tenantId);
  if (erasure === undefined) return undefined;
  if (erasure.confirmation !== confirmationOf(input.tenantId, input.confirm)) {
    throw new EraseRefused("The erasure is under way, and was confirmed in other words.");
  }
  if (erasure.keepsInvoices !== input.keepInvoices) {
    throw new EraseRefused(
      `The erasure under way ${erasure.keepsInvoices ? "keeps" : "does not keep"} invoices: say the same again.`,
    );
  }
  return erasure;
}

async function begun({ client, now }: EraseDeps, input: EraseTenant): Promise<Erasure | undefined> {
  const { tenantId, confirm, keepInvoices } = input;
  const tenant = await tenantTable(client).get(tenantId);
  if (tenant === undefined && (await isNothingLeft(client, input))) return undefined;
  if (confirm !== (tenant?.name ?? tenantId)) {
    throw new EraseRefused(`To confirm, say the ${tenant === undefined ? "id" : "name"} of the tenant.`);
  }
  const live = input.leaveResources ? 0 : await countLiveResources(client, tenantId);
  if (live > 0) {
    throw new EraseRefused(
      `${live} resources are not deleted: delete them first, or leave them with --leave-resources.`,
    );
  }
  const confirmation = confirmationOf(tenantId, confirm);
  const erasure = { tenantId, startedAtMs: now(), keepsInvoices: keepInvoices, confirmation };
  await beginErasure(client, erasure);
  return erasure;
}

async function isNothingLeft(
  client: DynamoDBClient,
  { tenantId, keepInvoices }: EraseTenant,
): Promise<boolean> {
  for (const table of TABLE_KEYS) {
    for await (const page of tenantRows(client, table, tenantId)) {
      if (page.some((row) => !(keepInvoices && isFinalInvoice(tenantId, row)))) return false;
    }
  }
  return true;
}

/** Resources that the provider still has, or may have. */
async function countLiveResources(client: DynamoDBClient, tenantId: string): Promise<number> {
  let live = 0;
  for await (const page of tenantRows(client, "sessions", tenantId)) {
    live += page.filter(({ pk, state }) => pk?.S === `${tenantId}#res` && state?.S !== "deleted").length;
  }
  return live;
}

async function erasePass(
  client: DynamoDBClient,
  table: TableKey,
  { tenantId, keepsInvoices }: Erasure,
): Promise<{ readonly erased: number; readonly kept: number }> {
  let erased = 0;
  let kept = 0;
  for await (const page of tenantRows(client, table, tenantId)) {
    const going = page.filter(
      (row) => !(keepsInvoices && table === "billing" && isFinalInvoice(tenantId, row)),
    );
    kept += page.length - going.length;
    for (let from = 0; from < going.length; from += BATCH) {
      await eraseRows(client, table, going.slice(from, from + BATCH));
    }
    erased += going.length;
  }
  return { erased, kept };
}

/** What the table does not get to at once is asked for again. */
async function eraseRows(client: DynamoDBClient, table: TableKey, rows: readonly Item[]): Promise<void> {
  let open: WriteRequest[] = rows.map(({ pk, sk }) => ({
    DeleteRequest: { Key: { ...(pk && { pk }), ...(sk && { sk }) } },
  }));
  for (let attempt = 1; open.length > 0; attempt++) {
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [TABLES[table]]: open } }),
    );
    open = UnprocessedItems[TABLES[table]] ?? [];
    if (open.length > 0) await pause(attempt, 2000);
  }
}
