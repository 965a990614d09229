import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { env } from "./env.ts";

/** What the service counts of itself, beside what Lambda, API Gateway and DynamoDB count of it. */
type ServiceMetric = "SealedRecords" | "SealFailures" | "FeedMessages" | "FeedsDropped";

const metrics = new Metrics({
  namespace: "ActiveSession",
  serviceName: "active-session",
  defaultDimensions: { stage: env.stage },
});

/** Writes counts in CloudWatch's embedded metric format: a line of the log, and no call (`resources/alarms.yml`). */
export function publishCounts(counts: Readonly<Partial<Record<ServiceMetric, number>>>): void {
  for (const [name, count] of Object.entries(counts)) metrics.addMetric(name, MetricUnit.Count, count);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
