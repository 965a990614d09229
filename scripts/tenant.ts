/**
 * What the law lets a tenant ask for (GDPR articles 15, 17 and 20), on a deployed stage or the local stack:
 *
 *     npm run tenant -- export ten_… --out FILE [--stage prod]
 *     npm run tenant -- erase  ten_… --confirm NAME [--keep-invoices] [--leave-resources] [--stage prod]
 *     npm run tenant -- count  ten_… [--stage prod]
 *
 * An erasure that was interrupted is started again with the same words. docs/operations.md says what it leaves, and why.
 */

import { once } from "node:events";
import { createWriteStream, openSync, rmSync, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { enterStage } from "./deploy/enter-stage.ts";
import { sayFailures } from "./deploy/say-failures.ts";
import type { ExportReport } from "./tenant/export-tenant.ts";

const USAGE =
  "npm run tenant -- export|erase|count TENANT [--out FILE] [--confirm NAME] [--keep-invoices] " +
  "[--leave-resources] [--settle-seconds N] [--stage STAGE]";

sayFailures(USAGE);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h", default: false },
    stage: { type: "string", default: "prod" },
    out: { type: "string" },
    confirm: { type: "string" },
    "keep-invoices": { type: "boolean", default: false },
    "leave-resources": { type: "boolean", default: false },
    // A request that had read the tenant has answered by then, and a scheduled run comes back to its next tenant.
    "settle-seconds": { type: "string", default: "60" },
  },
});
const [command, tenantId = ""] = positionals;
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
if (!/^ten_[0-9a-hjkmnp-tv-z]{26}$/.test(tenantId)) fail(USAGE);

enterStage(values.stage);
const { dynamoClient } = await import("../lib/aws/dynamo-client.ts");
const { systemNow } = await import("../lib/aws/clock.ts");
const client = dynamoClient();

if (command === "export") await runExport(values.out ?? fail("Say where to: --out FILE"));
else if (command === "erase")
  await runErase(values.confirm ?? fail("Confirm with the tenant's name: --confirm NAME"));
else if (command === "count") await runCount();
else fail(USAGE);

async function runExport(path: string): Promise<void> {
  // All that a tenant has: for its owner's eyes.
  const fd = openSync(path, "wx", 0o600);
  try {
    const report = await exportTo(createWriteStream(path, { fd }));
    console.log(`${counted(report.rows)} in ${path}; ${report.leftOut} rows of nothing but secrets left out`);
  } catch (thrown) {
    // Half an export looks like a whole one.
    rmSync(path);
    throw thrown;
  }
}

async function exportTo(file: WriteStream): Promise<ExportReport> {
  const { exportTenant } = await import("./tenant/export-tenant.ts");
  const report = await exportTenant(
    {
      client,
      now: systemNow,
      write: async (line) => {
        if (!file.write(`${JSON.stringify(line)}\n`)) await once(file, "drain");
      },
    },
    tenantId,
  );
  file.end();
  await finished(file);
  return report;
}

async function runErase(confirm: string): Promise<void> {
  const { eraseTenant, EraseRefused } = await import("./tenant/erase-tenant.ts");
  const settleMs = Number(values["settle-seconds"]) * 1000;
  const deps = {
    client,
    now: systemNow,
    settle: () => pause(settleMs),
    say: (line: string) => console.log(line),
  };
  const keepInvoices = values["keep-invoices"];
  try {
    const report = await eraseTenant(deps, {
      tenantId,
      confirm,
      keepInvoices,
      leaveResources: values["leave-resources"],
    });
    if (report.recordId === undefined) console.log(`Nothing is stored of ${tenantId}.`);
    else
      console.log(`${counted(report.erased)} erased, ${report.kept} kept; on record as ${report.recordId}`);
  } catch (thrown) {
    if (!(thrown instanceof EraseRefused)) throw thrown;
    fail(thrown.message);
  }
}

async function runCount(): Promise<void> {
  const { TABLE_KEYS, tenantRows } = await import("./tenant/tenant-rows.ts");
  const rows: Record<string, number> = {};
  for (const table of TABLE_KEYS) {
    let count = 0;
    for await (const page of tenantRows(client, table, tenantId)) count += page.length;
    rows[table] = count;
  }
  console.log(counted(rows));
}

function counted(rows: Readonly<Record<string, number>>): string {
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const each = Object.entries(rows).map(([table, count]) => `${table} ${count}`);
  return `${all} rows (${each.join(", ")})`;
}

function fail(line: string): never {
  console.error(line);
  process.exit(1);
}
