import { withoutSecrets } from "../activity/strip-secrets.ts";
import type { RequestTrail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import { trailOwnerOf } from "../session/actor.ts";
import { authenticateCaller } from "../session/authenticate-caller.ts";
import type { Caller } from "../session/caller.ts";
import type { Enrolling } from "../session/enrolling.ts";
import { type Authoriser, createAuthoriser, stepUpRequired } from "./authoriser.ts";
import { credentialsOf } from "./bearer.ts";
import { checkOrigin, refreshCookieOf } from "./cookies.ts";
import { checkEdge } from "./edge.ts";
import type { Handle } from "./endpoint.ts";
import type { EndpointSpec } from "./endpoint-spec.ts";
import type { Exchange } from "./exchange.ts";
import { parseForm } from "./form.ts";
import type { HttpDeps } from "./http-deps.ts";
import { answerOnce, isReplay } from "./idempotent.ts";
import { cursorsOf, expectedVersion } from "./list.ts";
import { parseWith } from "./parse.ts";
import { methodNotAllowed } from "./problem.ts";
import type { Reply } from "./reply.ts";
import { bodyText, checkBodySize, checkTaskId, type HttpRequest } from "./request.ts";
import { parseStrictJson } from "./strict-json.ts";

/** One endpoint with what it works with. */
export interface Endpoint<S extends EndpointSpec = EndpointSpec> {
  readonly spec: S;
  readonly deps: HttpDeps;
  readonly handle: Handle<S>;
}

/** What is learnt of one request on its way. */
export interface Run {
  readonly request: HttpRequest;
  readonly trail: RequestTrail;
  caller?: Caller;
}

/** The name that an endpoint's record carries, unless the handler finds a better one. */
export function actionOf(spec: EndpointSpec): string {
  if (spec.action !== undefined) return spec.action;
  if (typeof spec.permission === "string") return spec.permission;
  return "operator" in spec.permission ? spec.permission.operator : spec.permission.action;
}

/** Takes a request through authentication, permission, parsing and the handler. @throws AppError */
export async function runEndpoint<S extends EndpointSpec>(endpoint: Endpoint<S>, run: Run): Promise<Reply> {
  const { spec, deps, handle } = endpoint;
  checkEdge(deps, run.request);
  checkMethod(spec, run.request);
  if (spec.takesRefreshCookie === true && refreshCookieOf(run.request) !== undefined) {
    checkOrigin(run.request, deps.allowedOrigins);
  }
  if (spec.permission === "public") {
    checkTaskId(run.request);
    return await handle(exchangeOf(endpoint, run, undefined));
  }
  if (isByChallenge(spec, run.request)) return await runEnrolment(endpoint, run);
  const { caller, touching } = await authenticate(endpoint, run);
  run.caller = caller;
  const authoriser = createAuthoriser(caller, run.request, deps.now());
  try {
    holdUp(spec, caller);
    decideUpFront(spec, authoriser);
    checkTaskId(run.request);
    // Parsing comes before the claim on an idempotency key: a body that is refused claims nothing.
    const exchange = exchangeOf(endpoint, run, authoriser);
    const reply = await answerOnce(deps, { caller, request: run.request }, (newId) =>
      handle(newId === exchange.newId ? exchange : { ...exchange, newId }),
    );
    if (isReplay(reply)) run.trail.note({ replayed: true });
    else if (!authoriser.decided()) throw new Error(`${spec.route} answered without a decision.`);
    return caller.session.support === undefined ? reply : { ...reply, body: withoutSecrets(reply.body) };
  } finally {
    await touching;
  }
}

/** Some gateways hand a HEAD over to the route of the GET. */
function checkMethod(spec: EndpointSpec, { method }: HttpRequest): void {
  if (spec.method !== "ANY" && method !== spec.method) throw methodNotAllowed([spec.method]);
}

function isByChallenge(spec: EndpointSpec, { headers }: HttpRequest): boolean {
  return spec.acceptsChallenge === true && credentialsOf(headers).scheme === "challenge";
}

/** Takes a request through that comes from somebody without a session yet: there are no roles to decide by. */
async function runEnrolment<S extends EndpointSpec>(endpoint: Endpoint<S>, run: Run): Promise<Reply> {
  const { deps, handle } = endpoint;
  if (deps.openEnrolment === undefined) throw new Error("An endpoint takes challenges and cannot open them.");
  const caller = await deps.openEnrolment(credentialsOf(run.request.headers).token, run.trail);
  checkTaskId(run.request);
  const exchange = exchangeOf(endpoint, { ...run, caller }, undefined);
  return await answerOnce(deps, { caller, request: run.request }, (newId) => handle({ ...exchange, newId }));
}

/** Refuses what is not for this kind of session, or not before its user has stepped up. @throws AppError */
function holdUp(spec: EndpointSpec, { session, tenant }: Caller): void {
  if (spec.forPeople === true && session.kind !== "interactive") {
    throw new AppError("access.denied", "Only a person can do this, for themselves.");
  }
  if (spec.forSupport !== true && session.kind === "support") {
    throw new AppError("access.denied", "A support session looks on, and does nothing.");
  }
  if (session.stepUpDemandedAtMs !== undefined && spec.beforeStepUp !== true) {
    throw stepUpRequired(tenant.policy.stepUpMaxAgeSeconds);
  }
}

/**
 * Says whose bearer token a request has that its endpoint takes without one as well, by the rules of every other
 * endpoint. @throws AppError as `authenticateCaller`, `access.denied` and `auth.step_up_required` as `holdUp`
 */
export async function callerOf(
  endpoint: Pick<Endpoint, "spec" | "deps">,
  asking: Pick<Exchange, "request" | "trail">,
): Promise<Caller> {
  const { caller, touching } = await authenticate(endpoint, asking);
  await touching;
  holdUp(endpoint.spec, caller);
  return caller;
}

async function authenticate(
  endpoint: Pick<Endpoint, "spec" | "deps">,
  { request, trail }: Pick<Exchange, "request" | "trail">,
) {
  return await authenticateCaller(endpoint.deps, {
    ...(await presentedBy(endpoint, request)),
    ip: request.ip,
    known: (rows) => trail.by(trailOwnerOf(rows)),
  });
}

/** Whom the request says that it is of: by its bearer token, or by its refresh cookie where the endpoint takes it. */
async function presentedBy({ spec, deps }: Pick<Endpoint, "spec" | "deps">, request: HttpRequest) {
  const cookie = spec.takesRefreshCookie === true ? refreshCookieOf(request) : undefined;
  if (cookie !== undefined && request.headers["authorization"] === undefined) {
    const { tenantId, userId, sessionId } = await deps.refreshTokens.parse(cookie);
    return { key: { tenantId, userId, sessionId } };
  }
  const { token, scheme } = credentialsOf(request.headers);
  if (scheme !== "bearer") throw new AppError("auth.token_invalid", "Send a bearer token.");
  const claims = await deps.tokens.verify(token);
  const { tenantId, userId, sessionId } = claims;
  return { key: { tenantId, userId, sessionId }, claims };
}

/** Decides what can be decided before the handler knows its resource. */
function decideUpFront({ permission, stepUp }: EndpointSpec, authoriser: Authoriser): void {
  if (permission === "public" || permission === "authenticated") {
    authoriser.waive();
  } else if (typeof permission === "string") {
    authoriser.authorise({ action: permission, resource: "*" });
  } else if ("operator" in permission) {
    authoriser.authoriseOperator(permission.operator);
  }
  if (stepUp !== undefined) authoriser.demandFactor(stepUp);
}

function exchangeOf<S extends EndpointSpec>(
  { spec, deps }: Endpoint<S>,
  run: Omit<Run, "caller"> & { readonly caller?: Caller | Enrolling },
  authoriser: Authoriser | undefined,
): Exchange<S> {
  const { request, trail, caller } = run;
  const exchange = {
    path: spec.path === undefined ? {} : parseWith(spec.path, { ...request.pathParameters }, "/path"),
    query: spec.query === undefined ? {} : parseWith(spec.query, { ...request.query }, "/query"),
    body: bodyOf(spec, request),
    caller,
    request,
    trail,
    newId: deps.newId,
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
  checkBodySize(request);
  if (spec.body === undefined) return undefined;
  const mediaTypes = spec.mediaTypes ?? ["application/json"];
  const text = bodyText(request, mediaTypes);
  if (text !== undefined) return parseWith(spec.body, parsedBody(spec, text), "");
  if (spec.bodyOptional === true) return parseWith(spec.body, {}, "");
  if (request.headers["content-type"] === undefined) {
    throw new AppError("request.media_type", `Send a body of ${mediaTypes.join(" or ")}.`);
  }
  throw new AppError("request.malformed", "A body is required.");
}

function parsedBody({ bodyAs = "json" }: EndpointSpec, text: string): unknown {
  switch (bodyAs) {
    case "json":
      return parseStrictJson(text);
    case "form":
      return parseForm(text);
    case "raw":
      return text;
  }
}
