import { defineRule, evidenceOf } from "../rule.ts";
import { isAddress, isLogin } from "../signals.ts";

/** One address fails to sign in as many people. */
export const passwordSpray = defineRule({
  name: "password.spray",
  severity: "high",
  mitre: ["T1110.003"],
  thresholds: { users: 5, windowSeconds: 600 },
  remembers: "each_record",
  concerns: "address",
  observe: ({ record }) =>
    isLogin(record) && record.outcome !== "success" && isAddress(record.ip)
      ? [{ key: record.ip, label: `${record.actor.id} ${record.actor.name}` }]
      : [],
  judge: (window, latest, { users }) => {
    const tried = new Set(window.map(({ label }) => label)).size;
    if (tried < users) return undefined;
    return {
      summary: `One address failed to sign in as ${tried} people.`,
      evidence: evidenceOf([...window, latest]),
    };
  },
});
