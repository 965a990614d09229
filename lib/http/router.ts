import { AppError } from "../errors.ts";
import { type EndpointHandler, type HttpHandler, refusal } from "./endpoint.ts";

/**
 * Makes one Lambda handler of the endpoints of a noun. The gateway has matched the route already and names it in
 * `routeKey` (`GET /v1/sessions/{sessionId}`): finding the endpoint is a look-up, and no path is parsed twice.
 * @throws Error at load for two endpoints of one route
 */
export function router(endpoints: readonly EndpointHandler[]): HttpHandler {
  const byRoute = new Map(endpoints.map((endpoint) => [endpoint.routeKey, endpoint]));
  if (byRoute.size !== endpoints.length)
    throw new Error("Two endpoints of one function have the same route.");
  return async (event, context) => {
    const endpoint = byRoute.get(event.routeKey);
    if (endpoint !== undefined) return await endpoint(event, context);
    // functions.yml sends a route here that nobody serves. A throw would show its stack in a local run.
    return refusal(new AppError("internal", "The route has no endpoint."), event.requestContext.requestId);
  };
}
