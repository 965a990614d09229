import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf, SessionId } from "../../lib/http/parse.ts";
import { GuidanceDocument, guidanceDocument } from "../../lib/http/support-document.ts";
import { type FindSessionDeps, findSession } from "../../lib/session/find-session.ts";
import { checkGuide, type GuidanceStore } from "../../lib/support/guidance.ts";

/** Lists what was said in a session. */
export const spec = {
  method: "GET",
  route: "/v1/sessions/{sessionId}/guidance",
  summary: "List the guidance of a session, oldest first",
  tag: "Support",
  permission: { decidedBy: "handler", action: "session:read" },
  action: "support:read-guidance",
  forSupport: true,
  path: z.object({ sessionId: SessionId }),
  query: z.object(PageQuery),
  response: pageOf(GuidanceDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

interface ListGuidancePorts extends HttpDeps, FindSessionDeps {
  readonly guidance: Pick<GuidanceStore, "list">;
}

export const createHandler = (deps: ListGuidancePorts) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, query, position, page } = exchange;
    const session = await findSession(deps, exchange, path.sessionId);
    checkGuide(caller, session);
    const { messages, nextAfterId } = await deps.guidance.list({
      tenantId: session.tenantId,
      sessionId: session.sessionId,
      limit: query.limit,
      afterId: await position(),
    });
    return await page(messages.map(guidanceDocument), nextAfterId);
  });

export const handler = createHandler(supportPorts());
