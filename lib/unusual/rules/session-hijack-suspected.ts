import { defineRule, evidenceOf } from "../rule.ts";
import { deviceOf, isPlaced, networkOf } from "../signals.ts";

/**
 * A running session changes its network and its user agent at once. A phone that leaves the house changes the
 * one, an update of the browser the other; both together are what a stolen token looks like.
 */
export const sessionHijackSuspected = defineRule({
  name: "session.hijack_suspected",
  severity: "high",
  mitre: ["T1539", "T1550.004"],
  thresholds: { windowSeconds: 604_800 },
  response: "step_up",
  remembers: "each_label",
  observe: ({ record }) => {
    if (record.sessionId === undefined || !isPlaced(record)) return [];
    return [
      {
        key: record.sessionId,
        label: `${networkOf(record.ip)} ${deviceOf(record.userAgent)}`,
        detail: networkOf(record.ip),
      },
    ];
  },
  judge: (window, latest) => {
    const before = window.filter(({ label, atMs }) => label !== latest.label && atMs <= latest.atMs).at(-1);
    if (latest.ids.length > 1 || before?.detail === undefined || latest.detail === undefined)
      return undefined;
    const device = (one: typeof latest): string => one.label.slice(one.detail?.length ?? 0);
    if (before.detail === latest.detail || device(before) === device(latest)) return undefined;
    return {
      summary: "A session went on from another network with another user agent.",
      evidence: evidenceOf([{ ...before, ids: before.ids.slice(-1) }, latest]),
    };
  },
});
