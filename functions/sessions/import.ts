import * as z from "zod";
import { derivedId } from "../../lib/aws/ids.ts";
import { importTable } from "../../lib/aws/import-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { tenantTable } from "../../lib/aws/tenant-table.ts";
import { usagePorts } from "../../lib/aws/usage-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import {
  type ImportedSessions,
  type ImportSessionsDeps,
  type ImportTally,
  importSessions,
} from "../../lib/session/import-sessions.ts";
import { announceAttachments } from "../../lib/usage/announce-attachments.ts";
import { ENTRIES_MAX, ImportBody, refuseTimes } from "./import-schema.ts";

const Tally = z.object({
  imported: z.int(),
  duplicates: z.int(),
  rejected: z.array(
    z.object({
      index: z.int(),
      code: z.enum(["import.conflict", "import.session_unknown"]),
      message: z.string(),
    }),
  ),
});

/** Brings a tenant's history of sessions that were kept elsewhere over. The operator's. */
export const spec = {
  method: "POST",
  route: "/v1/sessions/import",
  summary: "Import a history of sessions that were kept elsewhere",
  description:
    `At most ${ENTRIES_MAX} sessions and as many attachments. Ids are the other platform's own; each counts once, and ` +
    "sending it again is harmless: what is there already just so is a duplicate, what is there otherwise is rejected as " +
    "`import.conflict`. Attachments are of imported sessions, of this call or one before. What was imported is listed " +
    'with `source:"import"`, kept as long as the tenant\'s activity, metered and billed, and never good for signing in. ' +
    "The counts at the top are those of the sessions.",
  tag: "Sessions",
  permission: { operator: "session:import" },
  body: ImportBody,
  response: Tally.extend({ attachments: Tally }),
  successStatus: 200,
  errors: ["not_found"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ImportSessionsDeps) =>
  endpoint(spec, deps, async ({ body, trail, nowMs, newId }) => {
    trail.about({ type: "tenant", id: body.tenantId });
    refuseTimes(body, nowMs);
    const activityId = newId("act", nowMs);
    const result = await importSessions(deps, { ...body, activityId });
    const { sessions, attachments, tenant } = result;
    trail.note(countsOf(result));
    const { sessionId: _operatorSession, ...record } = trail.also({
      action: "session:import",
      resource: { type: "tenant", id: tenant.tenantId },
      attributes: countsOf(result),
    });
    // The tenant's own log says too what the operator put into its sessions.
    const own = { ...record, id: activityId, tenantId: tenant.tenantId };
    await deps.activity.append(own, tenant.policy.activityRetentionDays);
    return json({ ...sessions, attachments });
  });

function countsOf({ sessions, attachments }: ImportedSessions) {
  const counts = ({ imported, duplicates, rejected }: ImportTally) => ({
    imported,
    duplicates,
    rejected: rejected.length,
  });
  return { sessions: counts(sessions), attachments: counts(attachments) };
}

export const handler = createHandler({
  ...platform(),
  tenants: tenantTable(),
  sessions: sessionTable(),
  imports: importTable(),
  announceAttachments: (attachments) => announceAttachments(usagePorts(), attachments),
  sortKey: (startedAtMs, material) => derivedId("ses", startedAtMs, material),
});
