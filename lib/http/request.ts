import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { AppError, invalidField } from "../errors.ts";
import type { EpochMs } from "../time.ts";

/** The largest body taken, in bytes (contract section 1). */
const BODY_BYTES_MAX = 1024 * 1024;

/** One HTTP request as the gateway hands it over, with header names in lower case. */
export interface HttpRequest {
  readonly requestId: string;
  readonly startedAtMs: EpochMs;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** The socket's address as the gateway saw it; no forwarding header is ever believed. */
  readonly ip: string;
  /** It bears the key of the edge before the API (lib/http/edge.ts). */
  readonly isThroughEdge?: true;
  /** At most 512 characters, control characters removed. */
  readonly userAgent: string;
  /** The client's name for its task; left out where it is not of its form, which `checkTaskId` refuses. */
  readonly taskId?: string;
  readonly traceparent?: string;
  readonly body?: { readonly text: string; readonly isBase64: boolean };
}

const NONE: Record<string, string> = Object.freeze(Object.create(null));

const TASK_ID = /^[A-Za-z0-9._:-]{1,64}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Reads what the gateway sent. Nothing is checked here but its shape. */
export function readRequest(
  event: APIGatewayProxyEventV2,
  requestId: string,
  startedAtMs: EpochMs,
): HttpRequest {
  const headers = lowerCased(event.headers);
  const userAgent = (headers["user-agent"] ?? "").replace(/\p{Cc}/gu, " ").slice(0, 512);
  const taskId = headers["x-task-id"];
  const traceparent = headers["traceparent"];
  return {
    requestId,
    startedAtMs,
    method: event.requestContext.http.method,
    path: event.rawPath,
    headers,
    // A gateway that does not read cookies leaves them in their header.
    cookies: event.cookies ?? headers["cookie"]?.split(/; */) ?? [],
    query: defined(event.queryStringParameters),
    pathParameters: defined(event.pathParameters),
    ip: event.requestContext.http.sourceIp,
    userAgent,
    ...(taskId !== undefined && TASK_ID.test(taskId) ? { taskId } : {}),
    ...(traceparent !== undefined && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
    // Some gateways say null where there is none.
    ...(event.body ? { body: { text: event.body, isBase64: event.isBase64Encoded === true } } : {}),
  };
}

/** Names the request as its client does in `X-Request-Id`, where that is 1 to 128 visible ASCII characters. */
export function withClientId(request: HttpRequest): HttpRequest {
  const requestId = request.headers["x-request-id"];
  return requestId === undefined || !/^[\x21-\x7e]{1,128}$/.test(requestId)
    ? request
    : { ...request, requestId };
}

/**
 * Holds the client's own task name to its form.
 * @throws AppError `request.invalid` at `/headers/x-task-id`
 */
export function checkTaskId(request: HttpRequest): void {
  if (request.headers["x-task-id"] !== undefined && request.taskId === undefined) {
    throw invalidField("/headers/x-task-id", "must be 1 to 64 of A-Z a-z 0-9 . _ : -");
  }
}

/**
 * Gives the body's text after holding it to its media type and UTF-8.
 * @throws AppError `request.media_type`, `request.malformed`
 */
export function bodyText(request: HttpRequest, mediaTypes: readonly string[]): string | undefined {
  if (request.body === undefined) return undefined;
  const { text, isBase64 } = request.body;
  checkMediaType(request.headers["content-type"], mediaTypes);
  return isBase64 ? decodeBase64(text) : text;
}

/**
 * Holds a body to its size, whatever becomes of it.
 * @throws AppError `request.too_large`
 */
export function checkBodySize({ body }: HttpRequest): void {
  if (body === undefined) return;
  const bytes = body.isBase64 ? base64Bytes(body.text) : utf8Length(body.text);
  if (bytes > BODY_BYTES_MAX) throw new AppError("request.too_large", "A body has at most 1 MiB.");
}

function base64Bytes(text: string): number {
  const padding = text.endsWith("==") ? 2 : Number(text.endsWith("="));
  return (text.length / 4) * 3 - padding;
}

function checkMediaType(header: string | undefined, mediaTypes: readonly string[]): void {
  const [type = "", ...parameters] = (header ?? "").split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  const isUtf8 = charset === undefined || charset.replaceAll('"', "") === "utf-8";
  if (!mediaTypes.includes(type) || !isUtf8) {
    throw new AppError("request.media_type", `The content type must be ${mediaTypes.join(" or ")} in UTF-8.`);
  }
}

function decodeBase64(text: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(atob(text), (character) => character.charCodeAt(0)),
    );
  } catch (cause) {
    throw new AppError("request.malformed", "The body is not UTF-8.", { cause });
  }
}

function utf8Length(text: string): number {
  // No character takes more than three bytes for each of its UTF-16 units: short texts need no counting.
  return text.length * 3 <= BODY_BYTES_MAX ? text.length : new TextEncoder().encode(text).length;
}

function lowerCased(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const lowered: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) lowered[name.toLowerCase()] = value;
  }
  return lowered;
}

function defined(
  parameters: Readonly<Record<string, string | undefined>> | null | undefined,
): Record<string, string> {
  // Some gateways say null where there is none.
  if (!parameters) return NONE;
  const kept: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
