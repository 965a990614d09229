import { defineRule, evidenceOf } from "../rule.ts";

/**
 * Second factors asked for, or failed, again and again: somebody has the password, and tries to wear the
 * owner down.
 */
export const mfaFatigue = defineRule({
  name: "mfa.fatigue",
  severity: "high",
  mitre: ["T1621"],
  thresholds: { attempts: 5, windowSeconds: 600 },
  remembers: "each_record",
  observe: ({ record }) => {
    const isAttempt = /^auth:mfa\b/.test(record.action);
    const isSend = /send/.test(record.action);
    return isAttempt && (isSend || record.outcome !== "success")
      ? [{ key: record.actor.id, label: record.action }]
      : [];
  },
  judge: (window, latest, { attempts }) =>
    window.length < attempts
      ? undefined
      : {
          summary: `${window.length} second factors asked for or failed.`,
          evidence: evidenceOf([...window, latest]),
        },
});
