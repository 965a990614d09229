import * as z from "zod";
import type { ActivityQuery } from "../../lib/activity/activity.ts";
import { invalidField } from "../../lib/errors.ts";
import { ForeignId, TimeInput } from "../../lib/http/metering-schema.ts";

/** What the log can be narrowed to. Each filter has an index of its own; `from` is inclusive, `to` is not. */
export const ActivityFilters = {
  from: TimeInput.exactOptional(),
  to: TimeInput.exactOptional(),
  userId: ForeignId.exactOptional().meta({
    description: "The actor's id; for other services' records, theirs.",
  }),
  sessionId: ForeignId.exactOptional().meta({ description: "`current` stands for the caller's." }),
  action: z.string().min(1).max(256).exactOptional(),
  resource: z
    .string()
    .regex(/^[^/]{1,128}\/.{1,512}$/su, "must be type/id, such as vm/res_01j9")
    .exactOptional(),
  outcome: z.enum(["success", "denied", "error"]).exactOptional(),
  taskId: z.string().min(1).max(64).exactOptional(),
  workflowRunId: z.string().min(1).max(256).exactOptional(),
  source: z.enum(["api", "ingest", "system"]).exactOptional(),
};

const Filters = z.object(ActivityFilters);

/**
 * The filters as the log is asked.
 * @throws AppError `request.invalid` at `/query/to` for a range that ends before it begins
 */
export function activityQuery(
  { from, to, ...filters }: z.output<typeof Filters>,
  currentSessionId: string,
): Omit<ActivityQuery, "tenantId" | "order" | "limit"> {
  if (from !== undefined && to !== undefined && to < from)
    throw invalidField("/query/to", "must not be before from");
  const { userId, sessionId, action, resource, outcome, taskId, workflowRunId, source } = filters;
  return {
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to }),
    ...(sessionId === undefined ? {} : { sessionId: sessionId === "current" ? currentSessionId : sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { resource }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(taskId === undefined ? {} : { taskId }),
    ...(workflowRunId === undefined ? {} : { workflowRunId }),
    ...(source === undefined ? {} : { source }),
  };
}
