import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { usagePorts } from "../../lib/aws/usage-ports.ts";
import {
  CLOUD_EVENT_MEDIA_TYPES,
  type CloudEventRead,
  CloudEventsBody,
  readCloudEvents,
} from "../../lib/http/cloud-events.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { DecimalInput, ForeignId, MeterName } from "../../lib/http/metering-schema.ts";
import { json } from "../../lib/http/reply.ts";
import { METERING_SOURCE } from "../../lib/resource/metering.ts";
import type { IncomingEvent, Rejection } from "../../lib/usage/check-event.ts";
import { type PlacedEvent, type RecordUsageDeps, recordUsage } from "../../lib/usage/record-usage.ts";

/** Takes usage events into the caller's tenant, each `source` and `id` once. */
export const spec = {
  method: "POST",
  route: "/v1/usage",
  summary: "Add usage events",
  description:
    "CloudEvents 1.0: one, or at most 100 in a batch. `type` is `usage.<meter>`, `subject` the resource, `data` " +
    "`{value, sessionId}`: the new level of a gauge, which belongs to whoever holds the resource, or the amount of a " +
    "counter, for which `sessionId` is needed. The same `source` and `id` count once, whenever they come again; with " +
    "another content they are rejected (`usage.conflict`). A time may be 5 minutes ahead and 35 days back (of imported " +
    "sessions: back to their beginning) and has to lie inside the session. What is rejected is told by its place; " +
    "the rest is kept, and sending it all again is harmless.",
  tag: "Usage",
  permission: "usage:ingest",
  mediaTypes: CLOUD_EVENT_MEDIA_TYPES,
  bodyAs: "raw",
  body: CloudEventsBody,
  response: z.object({
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z.array(
      z.object({
        index: z.int(),
        code: z.enum([
          "request.invalid",
          "not_found",
          "usage.conflict",
          "usage.unknown_meter",
          "usage.out_of_time",
          "usage.outside_session",
        ]),
        message: z.string(),
      }),
    ),
  }),
  successStatus: 202,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & RecordUsageDeps) =>
  endpoint(spec, deps, async ({ body, caller, request, trail }) => {
    const read = readCloudEvents(request, body).map((member, index) => ({ index, ...eventIn(member) }));
    const outcomes = await recordUsage(deps, {
      tenantId: caller.tenantId,
      events: read.filter((one): one is PlacedEvent => "event" in one),
      requestId: request.requestId,
      activityId: trail.record().id,
    });
    const rejected = [
      ...read.flatMap((one) => ("code" in one ? [one] : [])),
      ...outcomes.flatMap(({ index, is }) => (typeof is === "string" ? [] : [{ index, ...is }])),
    ].sort((a, b) => a.index - b.index);
    const result = {
      accepted: outcomes.filter(({ is }) => is === "accepted").length,
      duplicates: outcomes.filter(({ is }) => is === "duplicate").length,
      rejected,
    };
    trail.note({ ...result, rejected: rejected.length });
    return json(result, { status: 202 });
  });

const Data = z.strictObject({ value: DecimalInput, sessionId: ForeignId.nullish() });

const TYPE_PREFIX = "usage.";

function eventIn(member: CloudEventRead): { readonly event: IncomingEvent } | Rejection {
  if ("wrong" in member) return { code: "request.invalid", message: member.wrong };
  const { id, source, type, subject, time } = member.document;
  if (source === METERING_SOURCE) {
    return { code: "request.invalid", message: `The source ${METERING_SOURCE} is the platform's own.` };
  }
  const data = Data.safeParse(member.document.data);
  if (!data.success) {
    const [issue] = data.error.issues;
    return {
      code: "request.invalid",
      message: `${["data", ...(issue?.path ?? [])].join(".")}: ${issue?.message}`,
    };
  }
  const meter = MeterName.safeParse(type.startsWith(TYPE_PREFIX) ? type.slice(TYPE_PREFIX.length) : "");
  if (!meter.success) {
    return {
      code: "usage.unknown_meter",
      message: `The type has to be ${TYPE_PREFIX} and the name of a meter.`,
    };
  }
  const { value, sessionId } = data.data;
  return {
    event: {
      ...{ source, id, resourceId: subject, meter: meter.data, atMs: time, value },
      ...(sessionId == null ? {} : { sessionId }),
    },
  };
}

export const handler = createHandler({ ...platform(), ...usagePorts() });
