import { AppError, notFound } from "../errors.ts";
import { type EndpointHandler, type HttpHandler, refusal } from "./endpoint.ts";
import { matchPath } from "./known-paths.ts";
import { methodNotAllowed } from "./problem.ts";

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
  const places = placesOf(endpoints);
  return async (event, context) => {
    const endpoint = byRoute.get(event.routeKey);
    if (endpoint !== undefined) return await endpoint(event, context);
    const requestId = endpoints[0]?.newRequestId() ?? event.requestContext.requestId;
    if (!event.routeKey.startsWith("ANY ")) {
      // functions.yml sends a route here that nobody serves. A throw would show its stack in a local run.
      return refusal(new AppError("internal", "The route has no endpoint."), requestId);
    }
    for (const { method, template, endpoint } of places) {
      if (method !== event.requestContext.http.method) continue;
      const pathParameters = matchPath(template, event.rawPath);
      if (pathParameters !== undefined) return await endpoint({ ...event, pathParameters }, context);
    }
    const methods = places
      .filter(({ template }) => matchPath(template, event.rawPath) !== undefined)
      .map(({ method }) => method);
    return refusal(methods.length === 0 ? notFound() : methodNotAllowed(methods.sort()), requestId);
  };
}

/** The endpoints, one whose path is fixed (`/v1/keys/rotate`) before one with a parameter (`/v1/keys/{id}`). */
function placesOf(endpoints: readonly EndpointHandler[]) {
  return endpoints
    .map((endpoint) => {
      const [method = "", template = ""] = endpoint.routeKey.split(" ");
      return { endpoint, method, template };
    })
    .toSorted((one, other) => one.template.split("{").length - other.template.split("{").length);
}
