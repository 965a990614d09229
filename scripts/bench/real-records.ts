import { readFileSync } from "node:fs";
import type { ActivityRecord } from "../../lib/activity/activity.ts";
import { toActivityRecords } from "../../lib/activity/cloudtrail.ts";

/** The half hour of a real account, as other services' records come in. */
export function realRecords(): readonly ActivityRecord[] {
  const file = JSON.parse(readFileSync("test/data/cloudtrail-2023-07-10.json", "utf8"));
  return toActivityRecords(file).records.map(({ record: { id, ...record } }, index) => ({
    ...{ durationMs: 0, requestId: `req_${index}`, source: "ingest", receivedAtMs: record.timeMs },
    ...record,
    id: `act_${id}`,
    tenantId: "ten_bench",
  }));
}
