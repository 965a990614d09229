import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { EndpointHandler } from "../../../lib/http/endpoint.ts";
import { router } from "../../../lib/http/router.ts";

const answering = (routeKey: string, body: string): EndpointHandler =>
  Object.assign(async () => ({ statusCode: 200, body }), { routeKey, newRequestId: () => "req_1" });

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

describe("all below a path", () => {
  const handler = router([
    answering("GET /v1/a", "list"),
    answering("GET /v1/a/{id}", "read"),
    answering("POST /v1/a/{id}/b", "act"),
    answering("GET /v1/a/mine", "mine"),
  ]);
  const request = (method: string, rawPath: string) =>
    ({
      routeKey: "ANY /v1/a/{proxy+}",
      rawPath,
      requestContext: { requestId: "gateway-1", http: { method } },
    }) as APIGatewayProxyEventV2;

  test.each([
    ["GET", "/v1/a", "list"],
    ["GET", "/v1/a/7", "read"],
    ["GET", "/v1/a/mine", "mine"],
    ["POST", "/v1/a/7/b", "act"],
  ])("%s %s finds its endpoint", async (method, path, body) => {
    expect(await handler(request(method, path), {})).toMatchObject({ body });
  });

  test("an endpoint gets the parameters of its path, decoded", async () => {
    const telling = Object.assign(
      async (event: APIGatewayProxyEventV2) => ({ body: JSON.stringify(event.pathParameters) }),
      { routeKey: "GET /v1/a/{id}", newRequestId: () => "req_1" },
    );
    expect(await router([telling])(request("GET", "/v1/a/x%20y"), {})).toEqual({ body: '{"id":"x y"}' });
  });

  test.each(["/v1/a/", "/v1/a/7/c", "/v1/a//b", "/v1/A/7", "/v1/a/7/b/"])("%s is not found", async (path) => {
    expect(await handler(request("GET", path), {})).toMatchObject({
      statusCode: 404,
      headers: { "x-request-id": "req_1" },
    });
  });

  test("a path that takes other methods says which", async () => {
    expect(await handler(request("DELETE", "/v1/a/7"), {})).toMatchObject({
      statusCode: 405,
      headers: { allow: "GET" },
    });
  });
});
