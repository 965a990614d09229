import * as z from "zod";
import { type IngestActivityDeps, ingestActivity } from "../../lib/activity/ingest-activity.ts";
import { activityIntake } from "../../lib/aws/activity-intake.ts";
import { derivedId } from "../../lib/aws/ids.ts";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { CLOUD_EVENT_BODY_TYPES, readCloudEvents } from "../../lib/http/cloud-events.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { HttpRequest } from "../../lib/http/request.ts";
import {
  BATCH_SCHEMA,
  RECORDS_MAX,
  readActivityEvents,
  readBatch,
  readCloudTrail,
} from "./activity-batch.ts";

const CLOUDTRAIL = "application/vnd.amazon.cloudtrail+json";

/** Takes the records of other services into the caller's tenant, each `source` and `id` once. */
export const spec = {
  method: "POST",
  route: "/v1/activity",
  summary: "Add the records of other services",
  description:
    `At most ${RECORDS_MAX} records, in our own form or as a CloudTrail file (\`${CLOUDTRAIL}\`), or one CloudEvent or a ` +
    "batch of at most 100: `type` is `activity.<noun:verb>`, `subject` the resource as `type/id`, and `data` has the " +
    "other members of our own form. The same `source` " +
    "and `id` count once in a tenant, for as long as its records are kept; without a `source` it is `user:` and the " +
    "caller's id, for CloudTrail `cloudtrail`. Whatever a record says, it belongs to the caller's tenant. A time may be " +
    "up to 5 minutes ahead and 3650 days back. What is not taken is told by its place; the rest is kept, and sending a " +
    "batch again is harmless. Attributes whose names or values tell a secret are replaced by `[removed]`.",
  tag: "Activity",
  permission: "activity:ingest",
  mediaTypes: ["application/json", CLOUDTRAIL, ...CLOUD_EVENT_BODY_TYPES],
  bodyAs: "raw",
  body: z.string().meta({ anyOf: [BATCH_SCHEMA, { type: "object", required: ["Records"] }] }),
  response: z.object({
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z.array(
      z.object({
        index: z.int(),
        code: z.enum(["activity.invalid", "activity.time_out_of_range", "activity.session_unknown"]),
        message: z.string(),
      }),
    ),
  }),
  successStatus: 202,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & IngestActivityDeps) =>
  endpoint(spec, deps, async ({ body, caller, request, trail }) => {
    const batch = batchOf(request, body, `user:${caller.userId}`);
    const { requestId } = request;
    const result = await ingestActivity(deps, { tenant: caller.tenant, requestId, ...batch });
    trail.note({ ...result, rejected: result.rejected.length });
    return json(result, { status: 202 });
  });

function batchOf(request: HttpRequest, body: string, defaultSource: string): ReturnType<typeof readBatch> {
  const [mediaType = ""] = (request.headers["content-type"] ?? "").toLowerCase().split(";");
  if (mediaType.trim() === CLOUDTRAIL) return readCloudTrail(body);
  if (CLOUD_EVENT_BODY_TYPES.some((type) => type === mediaType.trim()))
    return readActivityEvents(readCloudEvents(request, body));
  return readBatch(body, defaultSource);
}

export const handler = createHandler({
  ...platform(),
  intake: activityIntake(),
  sessions: sessionTable(),
  recordId: (atMs, material) => derivedId("act", atMs, material),
});
