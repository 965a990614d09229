import { defineRule } from "../rule.ts";

const BUCKET_MS = 300_000;
const SECOND_MS = 1000;

/** One principal does one thing many times as often as it has before, five minutes by five minutes. */
export const actionRateSpike = defineRule({
  name: "action.rate_spike",
  severity: "medium",
  mitre: ["T1119"],
  thresholds: { minimumCount: 50, factor: 10, learningSeconds: 3600, windowSeconds: 28_800 },
  remembers: "each_label",
  observe: ({ record, principal }) => [
    { key: `${principal}#${record.action}`, label: String(Math.floor(record.timeMs / BUCKET_MS)) },
  ],
  judge: (window, latest, { minimumCount, factor, learningSeconds }) => {
    const now = Number(latest.label);
    const before = window.filter(({ label }) => Number(label) < now);
    const since = Math.min(...before.map(({ label }) => Number(label)));
    if (!Number.isFinite(since) || (now - since) * BUCKET_MS < learningSeconds * SECOND_MS) return undefined;
    const usual = before.reduce((sum, { weight }) => sum + weight, 0) / (now - since);
    if (latest.weight < minimumCount || latest.weight < factor * usual) return undefined;
    return {
      summary: `${latest.weight} times in five minutes, ${usual.toFixed(1)} being usual.`,
      evidence: latest.ids,
    };
  },
});
