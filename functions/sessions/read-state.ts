import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { stateTable } from "../../lib/aws/state-table.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { text } from "../../lib/http/reply.ts";
import { StatePath } from "../../lib/http/state-document.ts";
import { findOwnSession, type StateSessionDeps } from "../../lib/session/change-state.ts";
import type { StateStore } from "../../lib/session/state.ts";

/** Reads one value, to the letter as it was written. */
export const spec = {
  method: "GET",
  route: "/v1/sessions/{sessionId}/state/{key}",
  summary: "Read a value of a session's state",
  tag: "Sessions",
  permission: "authenticated",
  action: "session:read-state",
  path: StatePath,
  response: z.unknown(),
  etag: true,
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (
  deps: HttpDeps & StateSessionDeps & { readonly states: Pick<StateStore, "read"> },
) =>
  endpoint(spec, deps, async ({ caller, path, trail }) => {
    const session = await findOwnSession(deps, caller, path.sessionId);
    trail.about({ type: "session", id: session.sessionId });
    trail.note({ key: path.key });
    const document = await deps.states.read(session, path.key);
    if (document === undefined) throw notFound();
    return text(document.json, "application/json", { version: document.version });
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable(), states: stateTable() });
