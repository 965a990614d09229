import type { RequestTrail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import { actorOf } from "../session/actor.ts";
import { authenticateCaller } from "../session/authenticate-caller.ts";
import type { Caller } from "../session/caller.ts";
import { type Authoriser, createAuthoriser } from "./authoriser.ts";
import { credentialsOf } from "./bearer.ts";
import type { Handle } from "./endpoint.ts";
import type { EndpointSpec } from "./endpoint-spec.ts";
import type { Exchange } from "./exchange.ts";
import type { HttpDeps, NewId } from "./http-deps.ts";
import { answerOnce } from "./idempotent.ts";
import { cursorsOf, expectedVersion } from "./list.ts";
import { parseWith } from "./parse.ts";
import type { Reply } from "./reply.ts";
import { bodyText, checkTaskId, type HttpRequest } from "./request.ts";
import { parseStrictJson } from "./strict-json.ts";

/** What is learnt of one request on its way. */
export interface Run {
  readonly request: HttpRequest;
  readonly trail: RequestTrail;
  readonly recorded: boolean;
  caller?: Caller;
}

/** The name that an endpoint's record carries, unless the handler finds a better one. */
export function actionOf(spec: EndpointSpec): string {
  if (spec.action !== undefined) return spec.action;
  if (typeof spec.permission === "string") return spec.permission;
  return "operator" in spec.permission ? spec.permission.operator : spec.permission.action;
}

/** Takes a request through authentication, permission, parsing and the handler. @throws AppError */
export async function runEndpoint<S extends EndpointSpec>(
  spec: S,
  deps: HttpDeps,
  handle: Handle<S>,
  run: Run,
): Promise<Reply> {
  if (spec.permission === "public") {
    checkTaskId(run.request);
    return await handle(exchangeOf(spec, deps, run, undefined, deps.newId));
  }
  const touching = await authenticate(spec, deps, run);
  if (run.caller === undefined) throw new Error("An authenticated endpoint has a caller.");
  const { caller } = run;
  const authoriser = createAuthoriser(caller, run.request, deps.now());
  try {
    decideUpFront(spec, caller, authoriser);
    checkTaskId(run.request);
    // Parsing comes before the claim on an idempotency key: a body that is refused claims nothing.
    const exchange = exchangeOf(spec, deps, run, authoriser, deps.newId);
    const reply = await answerOnce(deps, caller, run.request, (newId) => handle({ ...exchange, newId }));
    if (!authoriser.decided() && !isReplay(reply))
      throw new Error(`${spec.route} answered without a decision.`);
    return reply;
  } finally {
    await touching;
  }
}

async function authenticate(
  spec: EndpointSpec,
  deps: HttpDeps,
  run: Run,
): Promise<Promise<void> | undefined> {
  const { token, scheme } = credentialsOf(run.request.headers);
  if (scheme !== "bearer") throw new AppError("auth.token_invalid", "Send a bearer token.");
  const claims = await deps.tokens.verify(token);
  const key = { tenantId: claims.tid, userId: claims.sub, sessionId: claims.sid };
  const { caller, touching } = await authenticateCaller(deps, key, run.request.ip, (known) => {
    run.trail.by({
      tenantId: known.tenant.tenantId,
      actor: actorOf(known),
      sessionId: known.session.sessionId,
      retentionDays: known.tenant.policy.activityRetentionDays,
    });
  });
  run.caller = caller;
  if (caller.session.workflow !== undefined) run.trail.workflow(caller.session.workflow);
  return touching;
}

/** Decides what can be decided before the handler knows its resource. */
function decideUpFront(spec: EndpointSpec, caller: Caller, authoriser: Authoriser): void {
  const { permission } = spec;
  if (permission === "public" || permission === "authenticated") {
    authoriser.waive();
    return;
  }
  if (typeof permission === "string") {
    authoriser.authorise({ action: permission, resource: "*" });
    return;
  }
  if ("operator" in permission) authoriser.authoriseOperator(permission.operator, caller);
}

function exchangeOf<S extends EndpointSpec>(
  spec: S,
  deps: HttpDeps,
  run: Run,
  authoriser: Authoriser | undefined,
  newId: NewId,
): Exchange<S> {
  const { request, trail, caller } = run;
  const exchange = {
    path: spec.path === undefined ? {} : parseWith(spec.path, { ...request.pathParameters }, "/path"),
    query: spec.query === undefined ? {} : parseWith(spec.query, { ...request.query }, "/query"),
    body: bodyOf(spec, request),
    caller,
    request,
    trail,
    newId,
    nowMs: request.startedAtMs,
    authorise: (asked: Parameters<Exchange["authorise"]>[0]) =>
      authoriser?.authorise({ ...asked, action: asked.action ?? actionOf(spec) }),
    mayI: (asked: Parameters<Exchange["mayI"]>[0]) =>
      authoriser?.mayI({ ...asked, action: asked.action ?? actionOf(spec) }) ?? false,
    expectedVersion: () => expectedVersion(request),
    ...cursorsOf(deps.cursors, request, caller?.tenantId ?? ""),
  };
  // The parsed members' types follow from the very schemas that parsed them: this is the parsing boundary.
  return exchange as unknown as Exchange<S>;
}

function bodyOf(spec: EndpointSpec, request: HttpRequest): unknown {
  if (spec.body === undefined) return undefined;
  const text = bodyText(request, spec.mediaTypes ?? ["application/json"]);
  if (text === undefined) {
    if (spec.bodyOptional === true) return parseWith(spec.body, {}, "");
    throw missingBody(request, spec);
  }
  return parseWith(spec.body, spec.bodyAs === "raw" ? text : parseStrictJson(text), "");
}

function missingBody(request: HttpRequest, spec: EndpointSpec): AppError {
  if (request.headers["content-type"] === undefined) {
    return new AppError(
      "request.media_type",
      `Send a body of ${(spec.mediaTypes ?? ["application/json"]).join(" or ")}.`,
    );
  }
  return new AppError("request.malformed", "A body is required.");
}

function isReplay(reply: Reply): boolean {
  return reply.headers?.["idempotent-replayed"] === "true";
}
