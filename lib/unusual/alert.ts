import type { EpochMs } from "../time.ts";
import type { Finding } from "./detect.ts";
import type { CostAlertName, RuleName, Severity } from "./rule.ts";

/** What somebody should look at (contract section 6). */
export interface Alert {
  /** `alr_…` */
  readonly id: string;
  readonly tenantId: string;
  readonly rule: RuleName | CostAlertName;
  readonly severity: Severity;
  readonly status: "open" | "acknowledged" | "closed";
  /** When it was first seen, in the time of the records. */
  readonly timeMs: EpochMs;
  /** When it was last added to, in the time of the records. */
  readonly lastTimeMs: EpochMs;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly ip?: string;
  readonly summary: string;
  /** Activity ids, the first 500. */
  readonly evidence: readonly string[];
  readonly mitre: readonly string[];
  readonly group: string;
  readonly note?: string;
}

/** For how long after its last record the same thing adds to an alert. */
const GROUPING_MS = 3_600_000;

const EVIDENCE_MAX = 500;
const SEVERITIES: readonly Severity[] = ["low", "medium", "high"];

/** Whether a finding is the same thing as an alert that is not closed, and within an hour of it. */
export function addsTo(alert: Alert, finding: Finding): boolean {
  return (
    alert.status !== "closed" &&
    alert.tenantId === finding.tenantId &&
    alert.group === finding.group &&
    finding.timeMs - alert.lastTimeMs <= GROUPING_MS &&
    alert.timeMs - finding.timeMs <= GROUPING_MS
  );
}

/** A new alert of a finding. */
export function openAlert(id: string, finding: Finding): Alert {
  const { response: _response, ...rest } = finding;
  return {
    ...rest,
    id,
    status: "open",
    lastTimeMs: finding.timeMs,
    evidence: finding.evidence.slice(0, EVIDENCE_MAX),
  };
}

/** An alert with a finding added; adding the same finding again changes nothing. */
export function addToAlert(alert: Alert, finding: Finding): Alert {
  const isNewer = finding.timeMs >= alert.lastTimeMs;
  const severity =
    SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(alert.severity) ? finding : alert;
  return {
    ...alert,
    severity: severity.severity,
    timeMs: Math.min(alert.timeMs, finding.timeMs),
    lastTimeMs: Math.max(alert.lastTimeMs, finding.timeMs),
    summary: isNewer ? finding.summary : alert.summary,
    evidence: [...new Set([...alert.evidence, ...finding.evidence])].slice(0, EVIDENCE_MAX),
    mitre: [...new Set([...alert.mitre, ...finding.mitre])].sort(),
  };
}
