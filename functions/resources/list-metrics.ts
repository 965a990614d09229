import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { formatAtto } from "../../lib/decimal.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { MeterName, TimeInput } from "../../lib/http/metering-schema.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import type { AdvanceDeps } from "../../lib/resource/advance-resource.ts";
import { getResource } from "../../lib/resource/get-resource.ts";
import type { MetricStore } from "../../lib/resource/metric-store.ts";
import { toRfc3339 } from "../../lib/time.ts";
import { permitter } from "./resource-access.ts";
import { ResourcePath } from "./resource-schema.ts";

/** Reads the load samples of a resource, newest first. Needs `<type>:read`. */
export const spec = {
  method: "GET",
  route: "/v1/resources/{resourceId}/metrics",
  summary: "Read the load samples of a resource, newest first",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:read" },
  forSupport: true,
  path: ResourcePath,
  query: z.object({
    ...PageQuery,
    metric: MeterName.exactOptional(),
    from: TimeInput.exactOptional(),
    to: TimeInput.exactOptional(),
  }),
  response: pageOf(z.object({ time: z.iso.datetime(), metric: z.string(), value: z.string() })),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (
  deps: HttpDeps & AdvanceDeps & { readonly metrics: Pick<MetricStore, "find"> },
) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, query, position, page } = exchange;
    const { tenantId } = caller;
    const { resourceId } = path;
    await getResource(deps, { tenantId, resourceId, permit: permitter(exchange, "read") });
    const after = await position();
    const { samples, nextAfter } = await deps.metrics.find({
      ...{ tenantId, resourceId, limit: query.limit },
      ...(query.metric === undefined ? {} : { metric: query.metric }),
      fromMs: query.from ?? 0,
      toMs: query.to ?? Number.MAX_SAFE_INTEGER,
      ...(after === undefined ? {} : { after }),
    });
    const items = samples.map(({ atMs, metric, value }) => ({
      time: toRfc3339(atMs),
      metric,
      value: formatAtto(value),
    }));
    return await page(items, nextAfter);
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
