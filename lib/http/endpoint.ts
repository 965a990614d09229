import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { startTrail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import { fromViewer } from "./edge.ts";
import type { EndpointSpec } from "./endpoint-spec.ts";
import type { Exchange } from "./exchange.ts";
import { SECURITY_HEADERS } from "./headers.ts";
import type { HttpDeps } from "./http-deps.ts";
import { type OAuthAnswer, oauthAnswer } from "./oauth-answer.ts";
import { actionOf, type Endpoint, type Run, runEndpoint } from "./pipeline.ts";
import { type ProblemAnswer, problemAnswer, statusOf, toAppError } from "./problem.ts";
import type { Reply } from "./reply.ts";
import { readRequest, withClientId } from "./request.ts";

/** An endpoint's own work: everything around it is done, and what it throws becomes a problem document. */
export type Handle<S extends EndpointSpec> = (exchange: Exchange<S>) => Promise<Reply>;

type HttpEvent = APIGatewayProxyEventV2;
type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** An event with what is learnt of it, which one invocation's middleware hands on; the event is that invocation's own. */
type RunningEvent = HttpEvent & { run?: Run };

/** A Lambda handler for HTTP API events (payload 2.0). */
export type HttpHandler = (event: HttpEvent, context: unknown) => Promise<HttpAnswer>;

/** The handler of one endpoint, with the route that the gateway knows it by: `GET /v1/sessions/{sessionId}`. */
export type EndpointHandler = HttpHandler & {
  readonly routeKey: string;
  /** A name for a request that is refused before it gets to an endpoint. */
  readonly newRequestId: () => string;
};

/** A function that runs out of its time is ended without an answer: a second before, the caller is told to come back. */
const IN_TIME = {
  timeoutEarlyInMillis: 1000,
  timeoutEarlyResponse: (): never => {
    throw new AppError("unavailable", "This took too long: try again.");
  },
};

/**
 * Makes the Lambda handler of one endpoint. It owns, in this order: request id and record, authentication and
 * session liveness, permission and step-up, parsing, idempotency, the handler, the activity record, error to
 * problem, security headers. Nothing is ever thrown to the gateway.
 */
export function endpoint<const S extends EndpointSpec>(
  spec: S,
  deps: HttpDeps,
  handle: Handle<S>,
): EndpointHandler {
  const self: Endpoint<S> = { spec, deps, handle };
  const handler = middy<RunningEvent, HttpAnswer>(IN_TIME)
    .onError(async (request) => {
      const { event, error } = request;
      request.response = await refuse(self, event.run ?? beginRun(self, event), error);
    })
    .handler(async (event) => {
      const run = beginRun(self, event);
      event.run = run;
      const reply = await runEndpoint(self, run);
      if (spec.recorded !== false) await writeRecord(deps, run, undefined);
      log(self, run, { status: reply.status });
      return written(reply, run.request.requestId);
    }) as HttpHandler;
  return Object.assign(handler, {
    routeKey: `${spec.method} ${spec.route}`,
    newRequestId: () => deps.newId("req", deps.now()),
  });
}

function beginRun({ spec, deps }: Pick<Endpoint, "spec" | "deps">, event: HttpEvent): Run {
  const startedAtMs = deps.now();
  const read = fromViewer(deps, readRequest(event, deps.newId("req", startedAtMs), startedAtMs));
  const request = spec.takesRequestId === true ? withClientId(read) : read;
  const trail = startTrail(deps, {
    requestId: request.requestId,
    action: actionOf(spec),
    startedAtMs,
    ip: request.ip,
    userAgent: request.userAgent,
    ...(request.taskId === undefined ? {} : { taskId: request.taskId }),
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    source: "api",
  });
  return { request, trail };
}

async function refuse(self: Pick<Endpoint, "spec" | "deps">, run: Run, thrown: unknown): Promise<HttpAnswer> {
  let error = toAppError(thrown);
  try {
    await writeRecord(self.deps, run, error);
  } catch (cause) {
    // A refusal that cannot be put on record is not given: the caller may try again.
    error = toAppError(cause);
  }
  const { requestId } = run.request;
  const answer = self.spec.errorsAs === "oauth" ? oauthAnswer(error) : problemAnswer(error, requestId);
  log(self, run, { status: answer.status, error });
  return refused(answer, requestId);
}

/** Writes an error as the gateway takes it. */
export function refusal(error: AppError, requestId: string): HttpAnswer {
  return refused(problemAnswer(error, requestId), requestId);
}

function refused({ status, headers, body }: ProblemAnswer | OAuthAnswer, requestId: string): HttpAnswer {
  return { statusCode: status, headers: secured(headers, requestId), body: JSON.stringify(body) };
}

async function writeRecord(deps: HttpDeps, run: Run, error: AppError | undefined): Promise<void> {
  const record =
    error === undefined
      ? run.trail.pending("success")
      : run.trail.pending(isRefusal(error) ? "denied" : "error", error.code);
  if (record === undefined) return;
  await deps.activity.append(record, run.trail.retentionDays());
  run.trail.committed();
}

/** Whether the caller was held back, rather than mistaken or failed by us. */
function isRefusal(error: AppError): boolean {
  const status = statusOf(error.code);
  return status === 401 || status === 403 || status === 429;
}

function written({ status, text, body, headers, cookies, isBase64 }: Reply, requestId: string): HttpAnswer {
  const shown = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const typed = shown === undefined ? headers : { "content-type": "application/json", ...headers };
  const answer: HttpAnswer = { statusCode: status, headers: secured(typed, requestId) };
  if (shown !== undefined) answer.body = shown;
  if (cookies !== undefined) answer.cookies = [...cookies];
  if (isBase64 === true) answer.isBase64Encoded = true;
  return answer;
}

function secured(headers: Reply["headers"], requestId: string): Record<string, string> {
  return { ...SECURITY_HEADERS, ...headers, "x-request-id": requestId };
}

function log(
  { spec, deps }: Pick<Endpoint, "spec" | "deps">,
  { request, caller }: Run,
  { status, error }: { readonly status: number; readonly error?: AppError },
): void {
  deps.log.request(
    {
      requestId: request.requestId,
      method: request.method,
      route: spec.route,
      status,
      durationMs: Math.max(0, deps.now() - request.startedAtMs),
      ...(error === undefined ? {} : { code: error.code }),
      ...(caller === undefined ? {} : { tenantId: caller.tenantId, sessionId: caller.session.sessionId }),
    },
    error !== undefined && status >= 500 ? error.cause : undefined,
  );
}
