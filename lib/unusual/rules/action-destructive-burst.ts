import { defineRule, evidenceOf, spanSeconds } from "../rule.ts";
import { isDestructive, textFact, textsFact } from "../signals.ts";

/** One principal deletes many things at once that it has not just made itself. */
export const actionDestructiveBurst = defineRule({
  name: "action.destructive_burst",
  severity: "high",
  mitre: ["T1485"],
  thresholds: { deletions: 10, windowSeconds: 300 },
  remembers: "each_record",
  observe: ({ record, principal, isOwnMade }) => {
    const isByService = textFact(record, "invokedBy") !== undefined;
    if (record.outcome !== "success" || !isDestructive(record) || isByService) return [];
    if (record.resource !== undefined && isOwnMade(record.resource)) return [];
    return [
      { key: principal, label: record.action, weight: Math.max(1, textsFact(record, "targets").length) },
    ];
  },
  judge: (window, _latest, thresholds) => {
    const deletions = window.reduce((sum, { weight }) => sum + weight, 0);
    if (deletions < thresholds.deletions) return undefined;
    return {
      summary: `${deletions} things deleted within ${spanSeconds(window)} s.`,
      evidence: evidenceOf(window),
    };
  },
});
