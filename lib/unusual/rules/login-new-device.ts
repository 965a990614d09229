import { defineRule } from "../rule.ts";
import { deviceOf, isArrival } from "../signals.ts";

/** Somebody who has signed in before comes with a device that was not seen in 90 days. */
export const loginNewDevice = defineRule({
  name: "login.new_device",
  severity: "low",
  mitre: ["T1078"],
  thresholds: { windowSeconds: 7_776_000 },
  remembers: "each_label",
  observe: ({ record }) =>
    isArrival(record) && record.userAgent !== ""
      ? [{ key: record.actor.id, label: deviceOf(record.userAgent) }]
      : [],
  judge: (window, latest) => {
    const isKnown = latest.ids.length > 1;
    const hasOthers = window.some(({ label, atMs }) => label !== latest.label && atMs <= latest.atMs);
    if (isKnown || !hasOthers) return undefined;
    return { summary: "A sign-in from a device not seen before.", evidence: latest.ids };
  },
});
