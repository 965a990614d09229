import type { APIGatewayProxyResultV2 } from "aws-lambda";
import { type RequestTrail, startTrail } from "../activity/trail.ts";
import type { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { HttpDeps } from "./http-deps.ts";
import { statusOf, toAppError } from "./problem.ts";

/** What the gateway says of a WebSocket: that somebody wants to connect, has said something, or is gone. */
export interface SocketEvent {
  readonly requestContext: {
    readonly routeKey: string;
    readonly connectionId: string;
    readonly identity?: { readonly sourceIp?: string };
  };
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** One message of the gateway, on its way through a handler. */
export interface SocketExchange {
  readonly connectionId: string;
  readonly trail: RequestTrail;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly body: string | undefined;
  readonly isBase64: boolean;
}

/** A Lambda handler for the WebSocket API. */
export type SocketHandler = (event: SocketEvent) => Promise<APIGatewayProxyResultV2>;

type SocketDeps = Pick<HttpDeps, "now" | "newId" | "log" | "activity">;

/**
 * Makes the Lambda handler of the WebSocket API from one handler for each of its routes. Nothing is ever thrown to the
 * gateway: an error becomes the status of its code, which on `$connect` refuses the connection.
 */
export function socketRouter(
  deps: SocketDeps,
  routes: Readonly<Record<string, (exchange: SocketExchange) => Promise<void>>>,
): SocketHandler {
  return async (event) => {
    const { routeKey } = event.requestContext;
    const startedAtMs = deps.now();
    const exchange = exchangeOf(deps, event, startedAtMs);
    const error = await run(deps, routes[routeKey], exchange);
    const status = error === undefined ? 200 : statusOf(error.code);
    const { requestId } = exchange;
    deps.log.request(
      {
        ...{ requestId, method: "WS", route: routeKey, status },
        durationMs: Math.max(0, deps.now() - startedAtMs),
        ...(error === undefined ? {} : { code: error.code }),
      },
      error !== undefined && status >= 500 ? error.cause : undefined,
    );
    return { statusCode: status };
  };
}

async function run(
  { activity }: Pick<SocketDeps, "activity">,
  handle: ((exchange: SocketExchange) => Promise<void>) | undefined,
  exchange: SocketExchange,
): Promise<AppError | undefined> {
  const { trail } = exchange;
  try {
    if (handle === undefined) throw new Error("The route has no handler.");
    await handle(exchange);
    return undefined;
  } catch (thrown) {
    const error = toAppError(thrown);
    const refused = trail.pending(statusOf(error.code) < 500 ? "denied" : "error", error.code);
    try {
      if (refused !== undefined) await activity.append(refused, trail.retentionDays());
      return error;
    } catch (cause) {
      return toAppError(cause);
    }
  }
}

function exchangeOf(
  deps: SocketDeps,
  { requestContext, headers = {}, queryStringParameters = {}, body, isBase64Encoded }: SocketEvent,
  startedAtMs: EpochMs,
): SocketExchange & { readonly requestId: string } {
  const byName = Object.entries(headers).map(([name, value = ""]) => [name.toLowerCase(), value]);
  const named: Readonly<Record<string, string>> = Object.fromEntries(byName);
  const ip = requestContext.identity?.sourceIp ?? "";
  const requestId = deps.newId("req", startedAtMs);
  const userAgent = (named["user-agent"] ?? "").replace(/\p{Cc}/gu, " ").slice(0, 512);
  const trail = startTrail(deps, {
    ...{ requestId, action: "live:connect", startedAtMs, ip, userAgent },
    source: "api",
  });
  return {
    ...{ requestId, connectionId: requestContext.connectionId, trail, headers: named, ip, body },
    query: queryOf(queryStringParameters),
    isBase64: isBase64Encoded === true,
  };
}

/** Who adds a parameter to the address of a ticket as if there were none yet, writes a second question mark. */
function queryOf(parameters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value = ""] of Object.entries(parameters)) {
    const [first = "", ...further] = value.split("?");
    query[name] = first;
    for (const [more, said] of new URLSearchParams(further.join("&"))) query[more] ??= said;
  }
  return query;
}
