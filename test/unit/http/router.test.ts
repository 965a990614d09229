import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { EndpointHandler } from "../../../lib/http/endpoint.ts";
import { router } from "../../../lib/http/router.ts";

const answering = (routeKey: string, body: string): EndpointHandler =>
  Object.assign(async () => ({ statusCode: 200, body }), { routeKey });

const event = (routeKey: string) =>
  ({ routeKey, requestContext: { requestId: "gateway-1" } }) as APIGatewayProxyEventV2;

test("a request goes to the endpoint whose route the gateway names", async () => {
  const handler = router([answering("GET /v1/a", "list"), answering("GET /v1/a/{id}", "read")]);
  expect(await handler(event("GET /v1/a/{id}"), {})).toMatchObject({ body: "read" });
  expect(await handler(event("GET /v1/a"), {})).toMatchObject({ body: "list" });
});

test("a name that every object has is no route", async () => {
  expect(await router([])(event("constructor"), {})).toMatchObject({ statusCode: 500 });
});

test("two endpoints of one route do not load", () => {
  expect(() => router([answering("GET /v1/a", "1"), answering("GET /v1/a", "2")])).toThrow("same route");
});
