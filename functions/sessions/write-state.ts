import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { stateTable } from "../../lib/aws/state-table.ts";
import { AppError } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { preconditionFailed } from "../../lib/http/list.ts";
import { json } from "../../lib/http/reply.ts";
import {
  checkedValue,
  expectationOf,
  StateEntryDocument,
  StatePath,
  stateEntryDocument,
} from "../../lib/http/state-document.ts";
import {
  findOwnSession,
  refuseEndedSession,
  type StateSessionDeps,
  stateExpiry,
} from "../../lib/session/change-state.ts";
import { STATE_KEYS_MAX, type StateStore } from "../../lib/session/state.ts";

/** Keeps one value. `If-Match` guards against a lost update, `If-None-Match: *` only creates. */
export const spec = {
  method: "PUT",
  route: "/v1/sessions/{sessionId}/state/{key}",
  summary: "Keep a value in a session's state",
  tag: "Sessions",
  permission: "authenticated",
  action: "session:write-state",
  path: StatePath,
  body: z.string().meta({ description: "The value itself: any JSON of at most 256 KiB." }),
  bodyAs: "raw",
  response: StateEntryDocument,
  etag: true,
  errors: ["conflict", "precondition.failed"],
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (
  deps: HttpDeps & StateSessionDeps & { readonly states: Pick<StateStore, "write"> },
) =>
  endpoint(spec, deps, async ({ caller, path, body, request, trail, nowMs }) => {
    const session = await findOwnSession(deps, caller, path.sessionId);
    trail.about({ type: "session", id: session.sessionId });
    refuseEndedSession(session, caller, nowMs);
    const written = await deps.states.write(
      {
        session,
        key: path.key,
        ...checkedValue(body),
        expected: expectationOf(request),
        nowMs,
        expiresAtMs: stateExpiry(session),
      },
      trail,
    );
    switch (written.is) {
      case "stale":
        throw preconditionFailed();
      case "full":
        throw new AppError("conflict", `A session keeps at most ${STATE_KEYS_MAX} keys.`);
      case "written":
        return json(stateEntryDocument(written.entry), { version: written.entry.version });
    }
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable(), states: stateTable() });
