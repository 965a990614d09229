import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** A request as a test writes it. */
export interface TestRequest {
  readonly method: string;
  /** With the query, encoded as on the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64?: boolean;
  readonly ip: string;
}

/** A route of `functions/functions.yml`: `GET /v1/sessions/{sessionId}`, or `$default`. */
export interface Route {
  readonly routeKey: string;
  /** `functions/sessions/index`, the module without its ending. */
  readonly module: string;
  /** The name of its export. */
  readonly handlerName: string;
}

/** The event that an HTTP API makes of a request (payload format 2.0) and the route that it takes. */
export function httpEvent(request: TestRequest, route: Route, nowMs: number): APIGatewayProxyEventV2 {
  const [rawPath = "/", rawQueryString = ""] = request.path.split(/\?(.*)/s);
  const { cookie, ...headers } = lowerCased(request.headers);
  return {
    version: "2.0",
    routeKey: route.routeKey,
    rawPath,
    rawQueryString,
    headers,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    ...parametersOf(rawPath, rawQueryString, route.routeKey),
    requestContext: {
      accountId: "000000000000",
      apiId: "test",
      domainName: "localhost",
      domainPrefix: "localhost",
      http: {
        method: request.method,
        path: rawPath,
        protocol: "HTTP/1.1",
        sourceIp: request.ip,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: route.routeKey,
      stage: "$default",
      time: new Date(nowMs).toUTCString(),
      timeEpoch: nowMs,
    },
    isBase64Encoded: request.isBase64 === true,
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}

/** The most particular route for a request: fixed segments before parameters, one segment before several. */
export function routeOf(
  routes: readonly Route[],
  { method, path }: Pick<TestRequest, "method" | "path">,
): Route | undefined {
  const segments = segmentsOf(path.split("?")[0] ?? "");
  const matching = routes.filter(({ routeKey }) => {
    const [routeMethod, template = ""] = routeKey.split(" ");
    return [method, "ANY"].includes(routeMethod ?? "") && match(segmentsOf(template), segments) !== undefined;
  });
  const [best] = matching.sort((a, b) => (particularity(a) < particularity(b) ? -1 : 1));
  return best ?? routes.find(({ routeKey }) => routeKey === "$default");
}

function parametersOf(rawPath: string, rawQueryString: string, routeKey: string) {
  const query = new URLSearchParams(rawQueryString);
  const pathParameters = match(segmentsOf(routeKey.split(" ")[1] ?? ""), segmentsOf(rawPath)) ?? {};
  const names = [...new Set(query.keys())];
  return {
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...(names.length === 0
      ? {}
      : {
          queryStringParameters: Object.fromEntries(
            names.map((name) => [name, query.getAll(name).join(",")] as const),
          ),
        }),
  };
}

/** The parameters of a path of that form, decoded; `undefined` where it is of another form. */
function match(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index];
    if (segment === undefined || (segment === "" && part !== "")) return undefined;
    if (part.endsWith("+}")) {
      parameters[part.slice(1, -2)] = decodeURIComponent(segments.slice(index).join("/"));
      return parameters;
    }
    if (part.startsWith("{")) parameters[part.slice(1, -1)] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
  }
  return template.length === segments.length ? parameters : undefined;
}

function segmentsOf(path: string): readonly string[] {
  return path.split("/").slice(1);
}

/** Sorts fixed segments first, then parameters, then those that take several segments. */
function particularity({ routeKey }: Route): string {
  return segmentsOf(routeKey)
    .map((segment) => (segment.endsWith("+}") ? "2" : segment.startsWith("{") ? "1" : "0"))
    .join("");
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
