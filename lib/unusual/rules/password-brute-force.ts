import { defineRule, evidenceOf } from "../rule.ts";
import { isLogin } from "../signals.ts";

/** Many wrong passwords for one person; worse when a right one follows. */
export const passwordBruteForce = defineRule({
  name: "password.brute_force",
  severity: "medium",
  mitre: ["T1110.001"],
  thresholds: { failures: 5, windowSeconds: 900 },
  remembers: "each_record",
  observe: ({ record }) =>
    isLogin(record)
      ? [{ key: record.actor.id, label: record.outcome === "success" ? "success" : "failure" }]
      : [],
  judge: (window, latest, thresholds) => {
    const failures = window.filter(({ label }) => label === "failure");
    if (failures.length < thresholds.failures) return undefined;
    if (latest.label === "failure") {
      return {
        summary: `${failures.length} failed sign-ins for one account.`,
        evidence: evidenceOf(failures),
      };
    }
    return {
      summary: `A sign-in after ${failures.length} failed ones.`,
      evidence: evidenceOf(window),
      severity: "high",
    };
  },
});
