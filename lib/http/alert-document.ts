import * as z from "zod";
import { toRfc3339 } from "../time.ts";
import type { Alert } from "../unusual/alert.ts";
import { COST_ALERT_NAMES, RULE_NAMES } from "../unusual/rule.ts";

/** An alert as the API shows it (contract section 6), wherever it is shown. */
export const AlertDocument = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    rule: z.enum([...RULE_NAMES, ...COST_ALERT_NAMES]),
    severity: z.enum(["low", "medium", "high"]),
    status: z.enum(["open", "acknowledged", "closed"]),
    time: z.iso.datetime().describe("When it was first seen, in the time of the records"),
    lastTime: z.iso.datetime().describe("When it was last added to, in the time of the records"),
    userId: z.string().optional().describe("The actor of the records"),
    sessionId: z.string().optional(),
    ip: z.string().optional(),
    summary: z.string(),
    evidence: z.array(z.string()).describe("Ids of activity records, the first 500"),
    mitre: z.array(z.string()).optional().describe("Techniques of MITRE ATT&CK"),
    note: z.string().optional().describe("What was said when it was closed"),
  })
  .meta({ id: "Alert" });

/** Shows an alert. */
export function alertDocument(alert: Alert): z.output<typeof AlertDocument> {
  const { timeMs, lastTimeMs, group: _group, evidence, mitre, ...rest } = alert;
  return {
    ...rest,
    time: toRfc3339(timeMs),
    lastTime: toRfc3339(lastTimeMs),
    evidence: [...evidence],
    ...(mitre.length === 0 ? {} : { mitre: [...mitre] }),
  };
}
