import * as z from "zod";
import type { EndpointSpec } from "../../../lib/http/endpoint-spec.ts";
import { startApp } from "../../support/app.ts";

const app = await startApp({ env: { POWERTOOLS_LOG_LEVEL: "SILENT" } });
afterAll(() => app.stop());
const tenant = await app.tenant();
const member = await app.signIn(tenant.member);

const { AppError } = await import("../../../lib/errors.ts");
const { PROBLEMS } = await import("../../../lib/http/problem.ts");
const { json } = await import("../../../lib/http/reply.ts");
const { translated } = await import("../../../lib/aws/dynamo-client.ts");

const specOf = <const Route extends string>(route: Route, permission: EndpointSpec["permission"]) =>
  ({
    method: "POST",
    route,
    summary: "Fails",
    tag: "Test",
    permission,
    action: "probe:fail",
    response: z.object({}),
    successStatus: 200,
  }) as const satisfies EndpointSpec;

let failure: unknown;
app.mount(specOf("/v1/failures", "authenticated"), async () => {
  throw failure;
});
app.mount(specOf("/v1/public-failures", "public"), async () => {
  throw failure;
});
let effects = 0;
app.mount(specOf("/v1/undecided", { decidedBy: "handler", action: "vm:start" }), async () => {
  effects += 1;
  return json({});
});

const internal = {
  type: "urn:active-session:problem:internal",
  title: "Internal error",
  status: 500,
  detail: "Something went wrong on our side.",
  code: "internal",
  requestId: expect.stringMatching(/^req_/),
};

test.each([
  ["an error", new Error("the table active-session-local-sessions is on fire at /var/task/index.js:1:2")],
  ["an error with a cause", new Error("outer", { cause: new Error("inner secret") })],
  [
    "an error of the SDK",
    Object.assign(new Error("Requested resource not found"), { name: "ResourceNotFoundException" }),
  ],
  ["text", "secret"],
  ["nothing", undefined],
  ["an error that says a status", Object.assign(new Error("teapot"), { statusCode: 418, expose: true })],
])("I19 %s that nobody expected is a bare 500", async (_what, thrown) => {
  failure = thrown;
  for (const path of ["/v1/failures", "/v1/public-failures"]) {
    const answer = await member.request("POST", path);
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual(internal);
  }
});

test("I19 every kind of failure is a problem document that says its code and nothing of us", async () => {
  for (const [code, [status]] of Object.entries(PROBLEMS)) {
    const cause = new Error(
      "ConditionalCheckFailed in active-session-local-sessions, key ten_1#ses_1, at x.ts:1",
    );
    failure = new AppError(code as keyof typeof PROBLEMS, "Not now.", { cause });
    for (const path of ["/v1/failures", "/v1/public-failures"]) {
      const { body, ...answer } = await member.request("POST", path);
      expect([answer.status, answer.headers["content-type"]]).toEqual([status, "application/problem+json"]);
      expect(body).toMatchObject({ code, status, detail: "Not now." });
      expect(Object.keys(body).sort()).toEqual(["code", "detail", "requestId", "status", "title", "type"]);
    }
  }
});

test("I19 a defect is on record as an error, without its words", async () => {
  failure = new Error("words");
  const answer = await member.request("POST", "/v1/failures");
  const records = await app.records(tenant.id, answer);
  expect(records).toMatchObject([{ action: "probe:fail", outcome: "error", errorCode: "internal" }]);
  expect(JSON.stringify(records)).not.toContain("words");
});

test("an endpoint that answers without having decided is a defect, and its answer is not sent", async () => {
  const answer = await member.request("POST", "/v1/undecided");
  expect(answer.status).toBe(500);
  expect(effects).toBe(1);
});

test.each([
  [{ code: "ECONNREFUSED" }, 503],
  [{ name: "TimeoutError" }, 503],
  [{ name: "ProvisionedThroughputExceededException" }, 503],
  [{ name: "ThrottlingException" }, 503],
  [{ name: "InternalServerError" }, 503],
  [{ name: "ValidationException" }, 500],
])(
  "I19 a database that fails with %j is answered %i; where it is safe to repeat, it says when",
  async (of, status) => {
    failure = translated(Object.assign(new Error("of the SDK"), of));
    const answer = await member.request("POST", "/v1/failures");
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(status === 503 ? "unavailable" : "internal");
    expect(answer.headers["retry-after"]).toBe(status === 503 ? "1" : undefined);
  },
);

test("I19 a limit says in whole seconds when to come back", async () => {
  failure = new AppError("rate.limited", "Too often.", { retryAfterSeconds: 12.2 });
  const answer = await member.request("POST", "/v1/failures");
  expect(answer.status).toBe(429);
  expect(answer.headers["retry-after"]).toBe("13");
});

test("I19 who is about to be cut off by the function's time limit is told to come back", async () => {
  const { endpoint } = await import("../../../lib/http/endpoint.ts");
  const { platform } = await import("../../../lib/aws/platform.ts");
  const { httpEvent } = await import("../../support/http-event.ts");
  const spec = specOf("/v1/endless", "public");
  const endless = endpoint(spec, platform(), () => new Promise<never>(() => undefined));
  const route = { routeKey: "POST /v1/endless", module: "", handlerName: "" };
  const request = { method: "POST", path: "/v1/endless", headers: {}, ip: "203.0.113.7" };
  const event = httpEvent(request, route, app.clock.now());
  const answer = await endless(event, { getRemainingTimeInMillis: () => 1050 });
  expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "1" } });
});

test("a function that is sent a route it does not serve answers as after any other defect", async () => {
  const { router } = await import("../../../lib/http/router.ts");
  const { httpEvent } = await import("../../support/http-event.ts");
  const route = { routeKey: "GET /v1/other", module: "", handlerName: "" };
  const request = { method: "GET", path: "/v1/other", headers: {}, ip: "203.0.113.7" };
  const answer = await router([])(httpEvent(request, route, app.clock.now()), {});
  expect(answer).toMatchObject({ statusCode: 500, headers: { "x-content-type-options": "nosniff" } });
});
