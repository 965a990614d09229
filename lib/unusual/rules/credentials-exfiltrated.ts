import { defineRule, evidenceOf } from "../rule.ts";
import { isAddress, networkOf, textFact } from "../signals.ts";

/** The name of the role session that EC2 opens for an instance. */
const INSTANCE_SESSION = /^i-[0-9a-f]{8,17}$/;

/** The credentials of one instance's role are used from another network than the instance's own. */
export const credentialsExfiltrated = defineRule({
  name: "credentials.exfiltrated",
  severity: "high",
  mitre: ["T1552.005"],
  thresholds: { windowSeconds: 86_400 },
  remembers: "each_label",
  observe: ({ record, principal }) => {
    const session =
      textFact(record, "roleSession") ?? record.actor.id.slice(record.actor.id.lastIndexOf("/") + 1);
    return INSTANCE_SESSION.test(session) && isAddress(record.ip)
      ? [{ key: `${principal} ${session}`, label: networkOf(record.ip) }]
      : [];
  },
  judge: (window, latest) => {
    // The instance itself was there first, whichever record came first.
    const home = window.reduce((first, one) => (one.atMs < first.atMs ? one : first), latest);
    const outside = window.filter(({ label }) => label !== home.label);
    const isNewHome = latest.label === home.label && latest.ids.length === 1;
    if (outside.length === 0 || (latest.label === home.label && !isNewHome)) return undefined;
    return {
      summary: "The credentials of an instance's role were used from outside the instance.",
      evidence: evidenceOf(outside),
    };
  },
});
