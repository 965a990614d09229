import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { usagePorts } from "../../lib/aws/usage-ports.ts";
import { invalidField } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { TimeInput } from "../../lib/http/metering-schema.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import { type EpochMs, monthAround, toRfc3339 } from "../../lib/time.ts";
import type { GroupName } from "../../lib/usage/group-usage.ts";
import { type ReportUsageDeps, reportUsage } from "../../lib/usage/report-usage.ts";
import type { Period } from "../../lib/usage/usage.ts";

/** The longest stretch of time that is added up in one answer. */
const PERIOD_MAX_DAYS = 400;

/** Adds up what has been used until this very moment, whether it is rolled up or not. */
export const spec = {
  method: "GET",
  route: "/v1/usage",
  summary: "Read usage, exact as of now",
  description:
    "`from` is the start of the month and `to` is now where they are left out. `quantity` is what sessions used, " +
    "`unattributed` what ran outside of any: it is never charged. `key` is the meter, session, user, resource or UTC " +
    "hour; it is null for what no session or user used. Without the role to see all of the tenant's usage, one sees " +
    "that of one's own sessions.",
  tag: "Usage",
  permission: { decidedBy: "handler", action: "usage:read" },
  query: z.object({
    ...PageQuery,
    from: TimeInput.optional(),
    to: TimeInput.optional(),
    groupBy: z.enum(["meter", "session", "user", "resource", "hour"]).default("meter"),
  }),
  response: pageOf(
    z.object({
      key: z.string().nullable(),
      meter: z.string(),
      unit: z.string(),
      quantity: z.string(),
      unattributed: z.string(),
    }),
  ),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ReportUsageDeps) =>
  endpoint(spec, deps, async ({ caller, query, authorise, mayI, position, page, nowMs }) => {
    const resource = { type: "usage", id: "*" };
    const isAll = mayI({ resource });
    authorise({ resource, ownerId: caller.userId });
    const { lines, next } = await reportUsage(deps, {
      tenantId: caller.tenantId,
      period: periodOf(query, nowMs),
      grouping: query.groupBy,
      userId: isAll ? undefined : caller.userId,
      limit: query.limit,
      after: groupAt(await position()),
    });
    return await page(
      lines.map(({ key, ...line }) => ({ key: typeof key === "number" ? toRfc3339(key) : key, ...line })),
      next && JSON.stringify([next.key, next.meter]),
    );
  });

/** A position is sealed: what comes back is what was written. */
function groupAt(position: string | undefined): GroupName | undefined {
  if (position === undefined) return undefined;
  const [key, meter] = JSON.parse(position) as [GroupName["key"], string];
  return { key, meter };
}

function periodOf(
  query: { readonly from?: EpochMs | undefined; readonly to?: EpochMs | undefined },
  nowMs: EpochMs,
): Period {
  const endAtMs = query.to ?? nowMs;
  const startAtMs = query.from ?? monthAround(endAtMs).startAtMs;
  if (startAtMs > endAtMs) throw invalidField("/query/from", "must not be after to");
  if (endAtMs - startAtMs > PERIOD_MAX_DAYS * 86_400_000) {
    throw invalidField("/query/from", `must not be more than ${PERIOD_MAX_DAYS} days before to`);
  }
  return { startAtMs, endAtMs };
}

export const handler = createHandler({ ...platform(), ...usagePorts() });
