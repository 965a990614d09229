import { AppError, notFound } from "../errors.ts";
import { type EndpointHandler, type HttpHandler, refusal } from "./endpoint.ts";
import { matchPath, methodsOf } from "./known-paths.ts";
import { methodNotAllowed } from "./problem.ts";

type HttpEvent = Parameters<HttpHandler>[0];

/**
 * Makes one Lambda handler of the endpoints of a noun. Where the gateway has matched the route already it names it in
 * `routeKey` (`GET /v1/sessions/{sessionId}`), and finding the endpoint is a look-up. Where it hands over all below a
 * path (`ANY /v1/support/{proxy+}`, ADR 0015), the endpoint is found here by method and path, and what is not there is
 * 404, or 405 on a path that takes other methods.
 * @throws Error at load for two endpoints of one route
 */
export function router(endpoints: readonly EndpointHandler[]): HttpHandler {
  const byRoute = new Map(endpoints.map((endpoint) => [endpoint.routeKey, endpoint]));
  if (byRoute.size !== endpoints.length)
    throw new Error("Two endpoints of one function have the same route.");
  return async (event, context) => {
    const endpoint = byRoute.get(event.routeKey);
    if (endpoint !== undefined) return await endpoint(event, context);
    const requestId = endpoints[0]?.newRequestId() ?? event.requestContext.requestId;
    if (!event.routeKey.startsWith("ANY ")) {
      // functions.yml sends a route here that nobody serves. A throw would show its stack in a local run.
      return refusal(new AppError("internal", "The route has no endpoint."), requestId);
    }
    const found = findByPath(endpoints, event);
    if (found !== undefined)
      return await found.endpoint({ ...event, pathParameters: found.parameters }, context);
    const methods = methodsOf(pathsOf(endpoints), event.rawPath);
    return refusal(methods.length === 0 ? notFound() : methodNotAllowed(methods), requestId);
  };
}

/** The endpoint of a path; one whose path is fixed (`/v1/keys/rotate`) before one with a parameter (`/v1/keys/{id}`). */
function findByPath(endpoints: readonly EndpointHandler[], { rawPath, requestContext }: HttpEvent) {
  return endpoints
    .flatMap((endpoint) => {
      const [method = "", template = ""] = endpoint.routeKey.split(" ");
      const parameters = method === requestContext.http.method ? matchPath(template, rawPath) : undefined;
      return parameters === undefined ? [] : [{ endpoint, parameters }];
    })
    .toSorted((one, other) => Object.keys(one.parameters).length - Object.keys(other.parameters).length)[0];
}

function pathsOf(endpoints: readonly EndpointHandler[]): Record<string, Record<string, true>> {
  const paths: Record<string, Record<string, true>> = {};
  for (const { routeKey } of endpoints) {
    const [method = "", template = ""] = routeKey.split(" ");
    paths[template] = { ...paths[template], [method.toLowerCase()]: true };
  }
  return paths;
}
