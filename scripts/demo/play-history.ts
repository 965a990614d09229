import { readFile } from "node:fs/promises";
import type { DemoUser } from "../local/accounts.ts";
import { type ApiSession, signIn } from "./api.ts";
import { historyOf } from "./history.ts";
import type { DemoReport, Progress } from "./report.ts";
import { settledAlerts } from "./settled-alerts.ts";

const MONTH = "2023-07";
const RECORDS_AT_ONCE = 250;

/**
 * The half hour of a real CloudTrail file: its people and roles become imported sessions of a new tenant, its records
 * activity, what it starts and deletes metered usage; then July 2023 is closed.
 */
export async function playHistory(
  baseUrl: string,
  operatorLogin: DemoUser,
  say: Progress,
): Promise<DemoReport> {
  const file = JSON.parse(await readFile("test/data/cloudtrail-2023-07-10.json", "utf8"));
  const history = historyOf(file);
  const operator = await signIn(baseUrl, operatorLogin, say);
  const stamp = Date.now().toString(36);
  const login = {
    email: `owner-${stamp}@history.example`,
    password: `${stamp}-cloud trail of july`,
    totpSecret: null,
  };
  const tenant = await operator.call("POST", "/v1/tenants", {
    body: { name: "A day in July 2023", owner: { email: login.email, password: login.password } },
  });
  say(`Tenant ${tenant.id}: the history of ${history.sessions.length} sessions`);
  await operator.call("POST", "/v1/sessions/import", {
    body: { tenantId: tenant.id, sessions: history.sessions, attachments: history.attachments },
  });
  const owner = await signIn(baseUrl, { ...login, roles: ["owner"] }, say);
  await sendRecords(owner, file.Records, say);
  await sendUsage(owner, history.cloudEvents, say);
  say("Looking for what is unusual in it");
  const alerts = await settledAlerts(owner);
  say(`Closing ${MONTH}`);
  await operator.call("POST", "/v1/billing/runs", { body: { period: MONTH, tenantId: tenant.id } });
  const imported = (await owner.all("/v1/sessions")).filter((session) => session.source === "import");
  return {
    title: "10 July 2023, half an hour of one AWS account",
    tenant: { id: tenant.id, name: "A day in July 2023" },
    sessions: imported,
    denied: await owner.all("/v1/activity?outcome=denied&source=ingest"),
    alerts,
    invoices: await owner.all("/v1/invoices"),
  };
}

async function sendRecords(owner: ApiSession, records: readonly unknown[], say: Progress): Promise<void> {
  for (let from = 0; from < records.length; from += RECORDS_AT_ONCE) {
    await owner.call("POST", "/v1/activity", {
      body: { Records: records.slice(from, from + RECORDS_AT_ONCE) },
      mediaType: "application/vnd.amazon.cloudtrail+json",
      taskId: "import-of-july",
    });
    say(`  ${Math.min(from + RECORDS_AT_ONCE, records.length)} of ${records.length} records`);
  }
}

async function sendUsage(
  owner: ApiSession,
  batches: readonly (readonly unknown[])[],
  say: Progress,
): Promise<void> {
  for (const batch of batches) {
    const { accepted, rejected } = await owner.call("POST", "/v1/usage", {
      body: batch,
      mediaType: "application/cloudevents-batch+json",
    });
    say(`  ${accepted} readings metered, ${rejected.length} rejected`);
  }
}
