import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { invalidField } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { DecimalInput, MeterName, TimeInput } from "../../lib/http/metering-schema.ts";
import { json } from "../../lib/http/reply.ts";
import { getResource } from "../../lib/resource/get-resource.ts";
import { type MetricSample, type MetricStore, SAMPLES_KEPT_MS } from "../../lib/resource/metric-store.ts";
import { type ScaleGroupDeps, scaleGroup } from "../../lib/resource/scale-group.ts";
import { permitter } from "./resource-access.ts";
import { ResourcePath } from "./resource-schema.ts";

const SAMPLES_MAX = 500;

/** How far ahead of ours the clock of a sender may be. */
const AHEAD_MAX_MS = 300_000;

const Sample = z
  .strictObject({ time: TimeInput, metric: MeterName, value: DecimalInput })
  .transform(({ time, metric, value }): MetricSample => ({ atMs: time, metric, value }));

/** Takes load samples in, and lets the group's scaling policy act on them at once. Needs `<type>:ingest`. */
export const spec = {
  method: "POST",
  route: "/v1/resources/{resourceId}/metrics",
  summary: "Add load samples of a resource",
  description:
    "One resource has one value of a metric at one instant: sent again, it counts once. Samples are kept for 15 " +
    "days, and may be at most 5 minutes ahead. Those of a group are the average of its machines.",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:ingest" },
  path: ResourcePath,
  body: z.strictObject({ samples: z.array(Sample).min(1).max(SAMPLES_MAX) }),
  response: z.object({ accepted: z.number() }),
  successStatus: 202,
} as const satisfies EndpointSpec;

export const createHandler = (
  deps: HttpDeps & ScaleGroupDeps & { readonly metrics: Pick<MetricStore, "add"> },
) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, body, nowMs } = exchange;
    const { tenantId } = caller;
    const { resourceId } = path;
    const resource = await getResource(deps, { tenantId, resourceId, permit: permitter(exchange, "ingest") });
    checkTimes(body.samples, nowMs);
    await deps.metrics.add({ tenantId, resourceId }, body.samples);
    await scaleGroup(deps, resource);
    return json({ accepted: body.samples.length }, { status: 202 });
  });

function checkTimes(samples: readonly MetricSample[], nowMs: number): void {
  for (const [place, { atMs }] of samples.entries()) {
    if (atMs > nowMs + AHEAD_MAX_MS) {
      throw invalidField(`/samples/${place}/time`, "must not be more than 5 minutes ahead");
    }
    if (atMs < nowMs - SAMPLES_KEPT_MS) {
      throw invalidField(`/samples/${place}/time`, "must not be more than 15 days ago");
    }
  }
}

export const handler = createHandler({ ...platform(), ...resourcePorts() });
