import { defineRule, type Seen, type Sighting } from "../rule.ts";
import { textFact } from "../signals.ts";

/** Actions after which less is logged or watched, whatever their parameters. */
const SILENCING: ReadonlySet<string> = new Set([
  "access-analyzer:DeleteAnalyzer",
  "cloudtrail:DeleteEventDataStore",
  "cloudtrail:DeleteTrail",
  "cloudtrail:StopEventDataStoreIngestion",
  "cloudtrail:StopLogging",
  "config:DeleteConfigurationRecorder",
  "config:DeleteDeliveryChannel",
  "config:StopConfigurationRecorder",
  "detective:DeleteGraph",
  "ec2:DeleteFlowLogs",
  "guardduty:DeleteDetector",
  "guardduty:DeletePublishingDestination",
  "guardduty:DisassociateFromAdministratorAccount",
  "guardduty:DisassociateFromMasterAccount",
  "guardduty:StopMonitoringMembers",
  "inspector2:Disable",
  "logs:DeleteLogGroup",
  "logs:DeleteLogStream",
  "macie2:DisableMacie",
  "monitoring:DeleteAlarms",
  "monitoring:DisableAlarmActions",
  "organizations:LeaveOrganization",
  "route53resolver:DeleteResolverQueryLogConfig",
  "route53resolver:DisassociateResolverQueryLogConfig",
  "securityhub:BatchDisableStandards",
  "securityhub:DisableSecurityHub",
  "securitylake:DeleteDataLake",
  "wafv2:DeleteLoggingConfiguration",
]);

/** Actions after which less may be logged: the record's fact `loggingReduced` says whether. */
const NARROWING: ReadonlySet<string> = new Set([
  "cloudtrail:PutEventSelectors",
  "cloudtrail:UpdateTrail",
  "guardduty:UpdateDetector",
  "s3:PutBucketLogging",
]);

const LOG_BUCKET_NAME = /trail|(^|[^a-z])logs?([^a-z]|$)|audit/i;

/** Logging or watching is stopped, narrowed or deleted, or the attempt is made. */
export const auditTampering = defineRule({
  name: "audit.tampering",
  severity: "high",
  mitre: ["T1562.008"],
  // Logs that a trail put down less than a month ago must not expire within a week.
  thresholds: { shortestExpiryDays: 7, windowSeconds: 2_592_000 },
  remembers: "each_record",
  observe: (seen, thresholds) => [
    ...silencing(seen),
    ...narrowedHere(seen),
    ...logBucket(seen.record),
    ...expiringBucket(seen.record, thresholds.shortestExpiryDays),
  ],
  judge: (window, latest) => {
    const [kind = "", what = ""] = latest.label.split("|");
    if (kind === "log_bucket") return undefined;
    const isLogBucket = window.some(({ label }) => label === "log_bucket") || LOG_BUCKET_NAME.test(what);
    if (kind === "expiry" && !isLogBucket) return undefined;
    const attempted = latest.detail === "success" ? "" : " (attempted)";
    return {
      summary: kind === "expiry" ? `Logs in ${what} set to expire${attempted}.` : `${what}${attempted}.`,
      evidence: latest.ids,
      ...(latest.detail === "success" ? {} : { severity: "medium" as const }),
      ...(kind === "expiry" ? { mitre: ["T1485.001", "T1562.008"] } : {}),
    };
  },
});

function silencing({ record, principal, isOwnMade }: Seen): readonly Sighting[] {
  const { action, resource, outcome } = record;
  const isSilencing =
    SILENCING.has(action) || (NARROWING.has(action) && record.attributes?.["loggingReduced"] !== false);
  const isTakenDown = action.includes(":Delete") && resource !== undefined && isOwnMade(resource);
  if (!isSilencing || isTakenDown) return [];
  return [{ key: principal, label: `call|${action} of ${resource?.id ?? "the account"}`, detail: outcome }];
}

/** This product's own log: records kept for a shorter time, or a rule turned off. */
function narrowedHere({ record, principal }: Seen): readonly Sighting[] {
  if (record.outcome !== "success") return [];
  return (record.changes ?? [])
    .filter(({ path, from, to }) => {
      const isShorter =
        path.endsWith("/activityRetentionDays") &&
        typeof from === "number" &&
        typeof to === "number" &&
        to < from;
      return isShorter || (record.action.startsWith("alert") && path.endsWith("/enabled") && to === false);
    })
    .map(({ path }) => ({ key: principal, label: `call|${record.action} of ${path}`, detail: "success" }));
}

function logBucket(record: Seen["record"]): readonly Sighting[] {
  const bucket = textFact(record, "logBucket");
  return bucket !== undefined && record.outcome === "success"
    ? [{ key: `bucket ${bucket}`, label: "log_bucket" }]
    : [];
}

function expiringBucket(record: Seen["record"], shortestExpiryDays: number): readonly Sighting[] {
  const days = record.attributes?.["expireDays"];
  const bucket = record.resource?.id;
  if (typeof days !== "number" || days >= shortestExpiryDays || bucket === undefined) return [];
  return [{ key: `bucket ${bucket}`, label: `expiry|${bucket}`, detail: record.outcome }];
}
