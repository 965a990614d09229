import * as z from "zod";
import type { ActivityRecord } from "../activity/activity.ts";
import { toRfc3339 } from "../time.ts";

/** A record as the API shows it (contract section 5), wherever it is shown: a proof holds for this very form. */
export const ActivityDocument = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    time: z.iso.datetime(),
    receivedAt: z.iso.datetime().describe("When it came here: retention and seals go by this"),
    sessionId: z.string().nullable().describe("`null` for what was done outside of every session"),
    actor: z.object({
      type: z.enum(["user", "key", "service", "external"]),
      id: z.string(),
      name: z.string(),
      onBehalfOf: z.string().optional().describe("The user whom a support agent looked at"),
    }),
    action: z.string(),
    resource: z.object({ type: z.string(), id: z.string() }).optional(),
    outcome: z.enum(["success", "denied", "error"]),
    errorCode: z.string().optional(),
    durationMs: z.number(),
    ip: z.string(),
    userAgent: z.string(),
    requestId: z.string(),
    taskId: z.string().optional(),
    traceparent: z.string().optional(),
    workflow: z.object({ provider: z.string(), runId: z.string(), ref: z.string().optional() }).optional(),
    changes: z
      .array(z.object({ path: z.string(), from: z.unknown().optional(), to: z.unknown().optional() }))
      .optional(),
    source: z.enum(["api", "ingest", "system"]),
    origin: z
      .object({ source: z.string(), id: z.string() })
      .optional()
      .describe("For `ingest`: the sender's own name of itself and of the record"),
    attributes: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "Activity" });

/** Shows a record. The form depends on nothing but the record. */
export function activityDocument(record: ActivityRecord): z.output<typeof ActivityDocument> {
  const { id, tenantId, timeMs, receivedAtMs, sessionId, changes, ...rest } = record;
  return {
    id,
    tenantId,
    time: toRfc3339(timeMs),
    receivedAt: toRfc3339(receivedAtMs),
    sessionId: sessionId ?? null,
    ...rest,
    ...(changes === undefined ? {} : { changes: [...changes] }),
  };
}
