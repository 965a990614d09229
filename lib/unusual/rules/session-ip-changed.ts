import { defineRule, evidenceOf } from "../rule.ts";
import { isPlaced } from "../signals.ts";

/** A running session comes from another address than before. */
export const sessionIpChanged = defineRule({
  name: "session.ip_changed",
  severity: "low",
  mitre: ["T1550.004"],
  thresholds: { windowSeconds: 604_800 },
  remembers: "each_label",
  observe: ({ record }) =>
    record.sessionId !== undefined && isPlaced(record) ? [{ key: record.sessionId, label: record.ip }] : [],
  judge: (window, latest) => {
    const before = window.filter(({ label, atMs }) => label !== latest.label && atMs <= latest.atMs).at(-1);
    if (latest.ids.length > 1 || before === undefined) return undefined;
    return {
      summary: "A session went on from another address.",
      evidence: evidenceOf([{ ...before, ids: before.ids.slice(-1) }, latest]),
    };
  },
});
