import * as z from "zod";
import {
  type ExportActivityDeps,
  type ExportPosition,
  exportActivity,
} from "../../lib/activity/export-activity.ts";
import { sha256Bytes } from "../../lib/aws/digest.ts";
import { platform, platformKeys } from "../../lib/aws/platform.ts";
import { sealSigner } from "../../lib/aws/seal-signer.ts";
import { sealTable } from "../../lib/aws/seal-table.ts";
import { activityDocument } from "../../lib/http/activity-document.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery } from "../../lib/http/parse.ts";
import { text } from "../../lib/http/reply.ts";
import { ActivityFilters, activityQuery } from "./activity-filters.ts";

const PAGE_MAX = 1000;
const PAGE_DEFAULT = 500;
const NOT_A_LIMIT = `must be a whole number from 1 to ${PAGE_MAX}`;

const CONTENT_TYPES = {
  jsonl: "application/x-ndjson",
  csv: "text/csv; charset=utf-8",
  ocsf: "application/x-ndjson",
} as const;

/** Hands the tenant's log out, a page at a time, for good keeping and for other systems. */
export const spec = {
  method: "GET",
  route: "/v1/activity/export",
  summary: "Export a range of the log, oldest first",
  description:
    'In pages: `Link` with `rel="next"` leads to the next one, until there is none. Put together as they come they are ' +
    "one file of the whole range, which ends with what was on record when the first page was read. `jsonl` has a record " +
    "a line and proves itself (`npm run verify -- FILE`), `csv` has its header on the first page alone, `ocsf` has an " +
    "event of OCSF 1.3 a line: Authentication or API Activity.",
  tag: "Activity",
  permission: "activity:export",
  query: z.object({
    cursor: PageQuery.cursor,
    limit: z
      .string()
      .regex(/^[0-9]{1,4}$/, NOT_A_LIMIT)
      .transform(Number)
      .refine((limit) => limit >= 1 && limit <= PAGE_MAX, NOT_A_LIMIT)
      .default(PAGE_DEFAULT),
    format: z.enum(["jsonl", "csv", "ocsf"]).default("jsonl"),
    from: ActivityFilters.from,
    to: ActivityFilters.to,
  }),
  response: z.string(),
  successStatus: 200,
  produces: ["application/x-ndjson", "text/csv"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ExportActivityDeps) =>
  endpoint(spec, deps, async ({ caller, query, request, trail, position, cursorAt }) => {
    const { format, limit } = query;
    const { fromMs, toMs } = activityQuery(query, caller.session.sessionId);
    const sealed = await position();
    const exported = await exportActivity(deps, {
      ...{ tenantId: caller.tenantId, format, limit },
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(toMs === undefined ? {} : { toMs }),
      // What comes out of a cursor is what the page before sealed into it.
      ...(sealed === undefined ? {} : { position: JSON.parse(sealed) as ExportPosition }),
    });
    trail.note({ format, records: exported.records });
    const next = exported.next && (await cursorAt(JSON.stringify(exported.next)));
    return text(exported.text, CONTENT_TYPES[format], {
      headers: {
        "content-disposition": `attachment; filename="activity.${format === "csv" ? "csv" : "jsonl"}"`,
        ...(next === undefined ? {} : { link: `<${nextPage(request, next)}>; rel="next"` }),
      },
    });
  });

function nextPage(
  { path, query }: { path: string; query: Readonly<Record<string, string>> },
  cursor: string,
) {
  return `${path}?${new URLSearchParams({ ...query, cursor })}`;
}

export const handler = createHandler({
  ...platform(),
  seals: sealTable(),
  signer: () => sealSigner(platformKeys),
  digest: sha256Bytes,
  show: activityDocument,
});
