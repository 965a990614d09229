import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { stateTable } from "../../lib/aws/state-table.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { preconditionFailed } from "../../lib/http/list.ts";
import { noContent } from "../../lib/http/reply.ts";
import { StatePath } from "../../lib/http/state-document.ts";
import { findOwnSession, refuseEndedSession, type StateSessionDeps } from "../../lib/session/change-state.ts";
import type { StateStore } from "../../lib/session/state.ts";

/** Forgets one value. */
export const spec = {
  method: "DELETE",
  route: "/v1/sessions/{sessionId}/state/{key}",
  summary: "Delete a value of a session's state",
  tag: "Sessions",
  permission: "authenticated",
  action: "session:delete-state",
  path: StatePath,
  response: z.void(),
  successStatus: 204,
} as const satisfies EndpointSpec;

export const createHandler = (
  deps: HttpDeps & StateSessionDeps & { readonly states: Pick<StateStore, "remove"> },
) =>
  endpoint(spec, deps, async ({ caller, path, trail, nowMs, expectedVersion }) => {
    const session = await findOwnSession(deps, caller, path.sessionId);
    trail.about({ type: "session", id: session.sessionId });
    refuseEndedSession(session, caller, nowMs);
    const version = expectedVersion();
    const removed = await deps.states.remove(
      session,
      { key: path.key, expected: version === undefined ? { is: "any" } : { is: "version", version } },
      trail,
    );
    if (removed === "absent") throw notFound();
    if (removed === "stale") throw preconditionFailed();
    return noContent();
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable(), states: stateTable() });
