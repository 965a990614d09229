import type { ActivityRecord } from "../../../lib/activity/activity.ts";
import { toActivityRecords } from "../../../lib/activity/cloudtrail.ts";
import { type Alert, addsTo, addToAlert, openAlert } from "../../../lib/unusual/alert.ts";
import {
  type DetectOptions,
  defaultSettings,
  detectInBatch,
  type Finding,
} from "../../../lib/unusual/detect.ts";

export const at = (time: string): number => Date.parse(`2026-10-05T${time}Z`);

let count = 0;

/** A record of ann's own session, 127.0.0.1 aside; what a test is about is given. */
export function record(given: Partial<ActivityRecord>): ActivityRecord {
  count += 1;
  return {
    id: `act_${String(count).padStart(4, "0")}`,
    tenantId: "ten_1",
    timeMs: at("10:00:00"),
    receivedAtMs: at("10:00:00"),
    actor: { type: "user", id: "usr_ann", name: "ann@example.com" },
    action: "volume:list",
    outcome: "success",
    durationMs: 3,
    ip: "203.0.113.7",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0",
    requestId: "req_1",
    source: "api",
    ...given,
  };
}

/** What is found in these records, shown in one batch to rules that know nothing yet. */
export function findingsIn(
  records: readonly ActivityRecord[],
  options: Partial<DetectOptions> = {},
): readonly Finding[] {
  return detectInBatch(new Map(), records, { settings: defaultSettings(), ...options }).findings;
}

/** The names of the rules that struck, each once, in the order of their first finding. */
export function rulesStruck(
  records: readonly ActivityRecord[],
  options?: Partial<DetectOptions>,
): readonly string[] {
  return [...new Set(findingsIn(records, options).map(({ rule }) => rule))];
}

/** The alerts that findings become. */
export function alertsOf(findings: readonly Finding[]): readonly Alert[] {
  const alerts: Alert[] = [];
  for (const finding of findings) {
    const index = alerts.findIndex((alert) => addsTo(alert, finding));
    const open = alerts[index];
    if (open === undefined) alerts.push(openAlert(`alr_${alerts.length + 1}`, finding));
    else alerts[index] = addToAlert(open, finding);
  }
  return alerts;
}

/** A CloudTrail file as activity of a tenant. */
export function activityOf(file: { readonly Records: readonly object[] }): readonly ActivityRecord[] {
  return toActivityRecords(file).records.map(({ record: { requestId = "", ...brought } }) => ({
    ...brought,
    tenantId: "ten_1",
    receivedAtMs: at("10:00:00"),
    durationMs: 0,
    requestId,
    source: "ingest",
  }));
}

/** One CloudTrail record of mallory's, at 10:00:00 plus so many seconds. */
export function cloudTrail(action: string, given: object = {}, second = 0): object {
  const [service = "", eventName = ""] = action.split(":");
  count += 1;
  return {
    eventID: `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`,
    eventTime: new Date(at("10:00:00") + second * 1000).toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: "eu-west-1",
    sourceIPAddress: "198.51.100.9",
    userAgent: "aws-cli/2.13.0 Python/3.11.4 Linux/6.1",
    recipientAccountId: "111122223333",
    userIdentity: {
      type: "IAMUser",
      arn: "arn:aws:iam::111122223333:user/mallory",
      userName: "mallory",
      accountId: "111122223333",
      accessKeyId: "AKIAEXAMPLE",
    },
    requestParameters: null,
    responseElements: null,
    ...given,
  };
}
