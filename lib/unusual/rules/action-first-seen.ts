import { defineRule } from "../rule.ts";
import { isRead } from "../signals.ts";

const SECOND_MS = 1000;

/** Somebody well known changes something in a way that they never did before. */
export const actionFirstSeen = defineRule({
  name: "action.first_seen",
  severity: "low",
  mitre: ["T1078"],
  // Nothing is new to one who is new: what a principal does in its first day, or first 20 actions, is learnt.
  thresholds: { learningSeconds: 86_400, learningActions: 20, windowSeconds: 7_776_000 },
  remembers: "each_label",
  observe: ({ record, principal }) => {
    const isOwnAffair = /^(auth|session):/.test(record.action);
    return record.outcome === "success" && !isOwnAffair
      ? [{ key: principal, label: record.action, detail: isRead(record) ? "read" : "change" }]
      : [];
  },
  judge: (window, latest, { learningSeconds, learningActions }) => {
    const others = window.filter(({ label }) => label !== latest.label);
    const knownSinceMs = Math.min(...others.map(({ atMs }) => atMs));
    const actions = others.reduce((sum, { weight }) => sum + weight, 0);
    const isKnown = latest.atMs - knownSinceMs >= learningSeconds * SECOND_MS && actions >= learningActions;
    if (!isKnown || latest.weight > 1 || latest.detail === "read") return undefined;
    return { summary: `${latest.label} for the first time.`, evidence: latest.ids };
  },
});
