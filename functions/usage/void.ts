import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { usagePorts } from "../../lib/aws/usage-ports.ts";
import { invalidField } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { ForeignId } from "../../lib/http/metering-schema.ts";
import { json } from "../../lib/http/reply.ts";
import { METERING_SOURCE } from "../../lib/resource/metering.ts";
import { VOID_IDS_MAX, type VoidUsageDeps, voidUsage } from "../../lib/usage/void-usage.ts";

/** Takes usage events back, on record. Values themselves are never negative. */
export const spec = {
  method: "POST",
  route: "/v1/usage/void",
  summary: "Take usage events back",
  description:
    "The events are kept and count for nothing from now on; their ids stay taken. After a month is final this counts as " +
    "a late change. Repeating it changes nothing. What the platform itself has metered cannot be taken back.",
  tag: "Usage",
  permission: "usage:ingest",
  action: "usage:void",
  body: z.strictObject({
    source: z.string().min(1).max(1024),
    ids: z
      .array(ForeignId)
      .min(1)
      .max(VOID_IDS_MAX)
      .refine((ids) => new Set(ids).size === ids.length, "must name each id once"),
    reason: ForeignId,
  }),
  response: z.object({ voided: z.int(), unknown: z.array(z.string()) }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & VoidUsageDeps) =>
  endpoint(spec, deps, async ({ body, caller, trail }) => {
    if (body.source === METERING_SOURCE) throw invalidField("/source", "is the platform's own");
    const { voided, unknown } = await voidUsage(deps, { tenantId: caller.tenantId, trail, ...body });
    return json({ voided: voided.length, unknown });
  });

export const handler = createHandler({ ...platform(), ...usagePorts() });
