import * as z from "zod";
import { type ProveActivityDeps, proveActivity } from "../../lib/activity/prove-activity.ts";
import { sha256Bytes } from "../../lib/aws/digest.ts";
import { platform } from "../../lib/aws/platform.ts";
import { sealTable } from "../../lib/aws/seal-table.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { ActivityDocument, activityDocument } from "../../lib/http/activity-document.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { SealDocument, SealKeyDocument } from "../../lib/http/seal-document.ts";

/** Proves one record: one's own always, another's with `activity:prove`. */
export const spec = {
  method: "GET",
  route: "/v1/activity/{activityId}/proof",
  summary: "Prove that a record is as it was sealed",
  description:
    "The leaf is SHA-256 over 0x00 and `record` as RFC 8785 JSON; with `path` it leads to the seal's `rootHash` " +
    "(RFC 6962, section 2.1.1), which is signed. 409 `conflict` while no seal covers the record yet: they are made every " +
    "hour. `jwk` is the key that the seal was signed with; it may have retired, and is then not at " +
    "/.well-known/jwks.json any more.",
  tag: "Activity",
  permission: { decidedBy: "handler", action: "activity:prove" },
  path: z.object({ activityId: Id }),
  response: z.object({
    record: ActivityDocument,
    leafIndex: z.int(),
    path: z.array(z.string()),
    seal: SealDocument,
    jwk: SealKeyDocument,
  }),
  successStatus: 200,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ProveActivityDeps) =>
  endpoint(spec, deps, async (exchange) =>
    json(await proveActivity(deps, exchange, exchange.path.activityId)),
  );

export const handler = createHandler({
  ...platform(),
  sessions: sessionTable(),
  seals: sealTable(),
  digest: sha256Bytes,
  show: activityDocument,
});
