import * as z from "zod";
import { PERMISSIONS } from "../../lib/access/permission.ts";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { stateTable } from "../../lib/aws/state-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { SessionDocument, sessionDocument } from "../../lib/http/session-document.ts";
import { findResumable, type ResumeStateDeps } from "../../lib/session/resume-state.ts";
import { toRfc3339 } from "../../lib/time.ts";

/** Says who the caller is, what they may do, and in which session. */
export const spec = {
  method: "GET",
  route: "/v1/me",
  summary: "The caller: user, tenant, roles, effective permissions and session",
  tag: "Sessions",
  permission: "authenticated",
  forSupport: true,
  action: "user:read-own",
  beforeStepUp: true,
  response: z.object({
    user: z.object({
      id: z.string(),
      email: z.string(),
      name: z.string(),
      factorTypes: z.array(z.enum(["totp", "sms", "passkey"])),
      createdAt: z.iso.datetime(),
    }),
    tenant: z.object({ id: z.string(), name: z.string() }),
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
    session: SessionDocument,
    resumable: z
      .array(
        z.object({
          sessionId: z.string(),
          device: SessionDocument.shape.device,
          endReason: z.string(),
          endedAt: z.iso.datetime(),
          keys: z.int(),
        }),
      )
      .meta({ description: "Own ended sessions whose state can still be brought over, latest first." }),
  }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ResumeStateDeps) =>
  endpoint(spec, deps, async ({ caller, nowMs, mayI }) => {
    const { user, tenant, session, roles } = caller;
    // What its user has left behind elsewhere is nothing that a support session is shown.
    const resumable = session.support === undefined ? await findResumable(deps, caller) : [];
    return json({
      user: {
        id: user.userId,
        email: user.email,
        name: user.name,
        factorTypes: user.factorTypes,
        createdAt: toRfc3339(user.createdAtMs),
      },
      tenant: { id: tenant.tenantId, name: tenant.name },
      roles,
      permissions: PERMISSIONS.filter((action) => mayI({ action, resource: "*" })),
      session: sessionDocument(session, {
        policy: tenant.policy,
        nowMs,
        currentSessionId: session.sessionId,
      }),
      resumable: resumable.map(({ session: ended, end, keys }) => ({
        sessionId: ended.sessionId,
        device: ended.device,
        endReason: end.reason,
        endedAt: toRfc3339(end.atMs),
        keys,
      })),
    });
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable(), states: stateTable() });
