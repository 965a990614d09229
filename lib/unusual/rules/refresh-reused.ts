import { defineRule } from "../rule.ts";
import { textFact } from "../signals.ts";

/** A refresh token that had been exchanged before came again: two hold it, and one of them stole it. */
export const refreshReused = defineRule({
  name: "refresh.reused",
  severity: "high",
  mitre: ["T1528"],
  thresholds: {},
  remembers: "nothing",
  observe: ({ record, principal }) => {
    const reasons = [textFact(record, "reason"), textFact(record, "endReason")];
    const isReuse = record.errorCode === "refresh.reused" || reasons.includes("refresh_reused");
    return isReuse ? [{ key: principal, label: record.action }] : [];
  },
  judge: (_window, latest) => ({ summary: "A refresh token was used twice.", evidence: latest.ids }),
});
