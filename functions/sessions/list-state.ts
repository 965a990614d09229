import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { stateTable } from "../../lib/aws/state-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { SessionId } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { StateEntryDocument, stateEntryDocument } from "../../lib/http/state-document.ts";
import { findOwnSession, type StateSessionDeps } from "../../lib/session/change-state.ts";
import type { StateStore } from "../../lib/session/state.ts";

/** Lists the keys that one of the caller's sessions keeps. */
export const spec = {
  method: "GET",
  route: "/v1/sessions/{sessionId}/state",
  summary: "List the keys of a session's state",
  tag: "Sessions",
  permission: "authenticated",
  action: "session:read-state",
  path: z.object({ sessionId: SessionId }),
  response: z.object({ items: z.array(StateEntryDocument) }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (
  deps: HttpDeps & StateSessionDeps & { readonly states: Pick<StateStore, "list"> },
) =>
  endpoint(spec, deps, async ({ caller, path, trail }) => {
    const session = await findOwnSession(deps, caller, path.sessionId);
    trail.about({ type: "session", id: session.sessionId });
    return json({ items: (await deps.states.list(session)).map(stateEntryDocument) });
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable(), states: stateTable() });
