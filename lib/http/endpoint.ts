import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { startTrail } from "../activity/trail.ts";
import type { AppError } from "../errors.ts";
import type { EndpointSpec } from "./endpoint-spec.ts";
import type { Exchange } from "./exchange.ts";
import { SECURITY_HEADERS } from "./headers.ts";
import type { HttpDeps } from "./http-deps.ts";
import { actionOf, type Run, runEndpoint } from "./pipeline.ts";
import { problemAnswer, statusOf, toAppError } from "./problem.ts";
import type { Reply } from "./reply.ts";
import { readRequest } from "./request.ts";

/** An endpoint's own work: everything around it is done, and what it throws becomes a problem document. */
export type Handle<S extends EndpointSpec> = (exchange: Exchange<S>) => Promise<Reply>;

type HttpEvent = APIGatewayProxyEventV2;
type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** A Lambda handler for HTTP API events (payload 2.0). */
export type HttpHandler = (event: HttpEvent, context: unknown) => Promise<HttpAnswer>;

/**
 * Makes the Lambda handler of one endpoint. It owns, in this order: request id and record, authentication and
 * session liveness, permission and step-up, parsing, idempotency, the handler, the activity record, error to
 * problem, security headers. Nothing is ever thrown to the gateway.
 */
export function endpoint<const S extends EndpointSpec>(
  spec: S,
  deps: HttpDeps,
  handle: Handle<S>,
): HttpHandler {
  const runs = new WeakMap<HttpEvent, Run>();
  const runOf = (event: HttpEvent): Run => {
    const run = runs.get(event) ?? beginRun(spec, deps, event);
    runs.set(event, run);
    return run;
  };
  return middy<HttpEvent, HttpAnswer>()
    .before(({ event }) => {
      runOf(event);
    })
    .after(async (request) => {
      const run = runOf(request.event);
      if (request.response) request.response = secured(request.response, run);
    })
    .onError(async (request) => {
      const run = runOf(request.event);
      request.response = secured(await refuse(deps, spec, run, request.error), run);
    })
    .handler(async (event) => {
      const run = runOf(event);
      const reply = await runEndpoint(spec, deps, handle, run);
      await writeRecord(deps, run, undefined);
      log(deps, spec, run, reply.status);
      return written(reply);
    }) as HttpHandler;
}

function beginRun(spec: EndpointSpec, deps: HttpDeps, event: HttpEvent): Run {
  const startedAtMs = deps.now();
  const request = readRequest(event, deps.newId("req", startedAtMs), startedAtMs);
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
  return { request, trail, recorded: spec.recorded ?? true };
}

async function refuse(deps: HttpDeps, spec: EndpointSpec, run: Run, thrown: unknown): Promise<HttpAnswer> {
  let error = toAppError(thrown);
  try {
    await writeRecord(deps, run, error);
  } catch (cause) {
    // A refusal that cannot be put on record is not given: the caller may try again.
    error = toAppError(cause);
  }
  log(deps, spec, run, statusOf(error.code), error);
  const { status, headers, body } = problemAnswer(error, run.request.requestId);
  return { statusCode: status, headers: { ...headers }, body: JSON.stringify(body) };
}

async function writeRecord(deps: HttpDeps, run: Run, error: AppError | undefined): Promise<void> {
  if (error === undefined && !run.recorded) return;
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

function written(reply: Reply): HttpAnswer {
  const body = reply.text ?? (reply.body === undefined ? undefined : JSON.stringify(reply.body));
  return {
    statusCode: reply.status,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...reply.headers },
    ...(reply.cookies === undefined ? {} : { cookies: [...reply.cookies] }),
    ...(body === undefined ? {} : { body }),
    ...(reply.isBase64 === true ? { isBase64Encoded: true } : {}),
  };
}

function secured(answer: HttpAnswer, run: Run): HttpAnswer {
  return {
    ...answer,
    headers: { ...SECURITY_HEADERS, ...answer.headers, "x-request-id": run.request.requestId },
  };
}

function log(deps: HttpDeps, spec: EndpointSpec, run: Run, status: number, error?: AppError): void {
  deps.log.request(
    {
      requestId: run.request.requestId,
      method: spec.method,
      route: spec.route,
      status,
      durationMs: Math.max(0, deps.now() - run.request.startedAtMs),
      ...(error === undefined ? {} : { code: error.code }),
      ...(run.caller === undefined
        ? {}
        : { tenantId: run.caller.tenantId, sessionId: run.caller.session.sessionId }),
    },
    error !== undefined && statusOf(error.code) >= 500 ? error.cause : undefined,
  );
}
