import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());
const tenant = await app.tenant();
const member = await app.signIn(tenant.member);

test("an unknown path is not found, signed in or not", async () => {
  for (const path of ["/v1/nothing", "/v2/me", "/v1", "/v1/sessions/ses_1/nothing", "/favicon.ico"]) {
    const answer = await member.request("GET", path);
    expect(answer.status).toBe(404);
    expect(answer.body.code).toBe("not_found");
    expect((await app.request("GET", path)).status).toBe(404);
  }
});

test.each([
  ["DELETE", "/v1/me", "GET"],
  ["PUT", "/v1/auth/login", "POST"],
  ["POST", "/v1/sessions", "GET"],
  ["PATCH", "/v1/sessions/ses_1", "DELETE, GET"],
  ["TRACE", "/v1/sessions/current", "DELETE, GET"],
  ["OPTIONS", "/v1/me", "GET"],
  ["HEAD", "/v1/me", "GET"],
])("A12 %s %s is not allowed, and the answer says what is: %s", async (method, path, allow) => {
  const answer = await app.request(method, path);
  expect(answer.status).toBe(405);
  expect(answer.body.code).toBe("method.not_allowed");
  expect(answer.headers["allow"]).toBe(allow);
});

test("A12 a POST in place of a PATCH or a DELETE is not allowed, whatever its body says", async () => {
  const owner = await app.signIn(tenant.owner);
  const path = `/v1/users/${tenant.reader.userId}`;
  for (const body of [{ disabled: true }, { _method: "DELETE" }]) {
    expect((await owner.request("POST", path, { body })).status).toBe(405);
  }
  expect((await owner.request("GET", path)).body.disabled).toBe(false);
});

test("A12 a gateway that hands HEAD over to the route of GET gets the same refusal", async () => {
  const { handler } = await import("../../../functions/me/index.ts");
  const { httpEvent } = await import("../../support/http-event.ts");
  const route = { routeKey: "GET /v1/me", module: "", handlerName: "" };
  const request = { method: "HEAD", path: "/v1/me", headers: {}, ip: "203.0.113.7" };
  const answer = await handler(httpEvent(request, route, app.clock.now()), {});
  expect(answer).toMatchObject({ statusCode: 405, headers: { allow: "GET" } });
});

test.each(["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])(
  "A12 %s changes nothing: a GET stays a GET",
  async (header) => {
    const answer = await member.request("GET", "/v1/sessions/current", { headers: { [header]: "DELETE" } });
    expect(answer.status).toBe(200);
    expect((await member.request("GET", "/v1/me")).status).toBe(200);
  },
);

test.each([
  "//v1/me",
  "/v1//me",
  "/v1/./me",
  "/v1/sessions/../me",
  "/v1/sessions/%2e%2e/me",
  "/v1/me;a=b",
  "/v1/me/",
  "/V1/me",
  "/v1/ME",
  "/v1/me%00",
  "/v1/me%2f",
  "/v1/sessions/%00",
  "/v1/sessions/ses_1%2f..%2fcurrent",
  "/v1/sessions/current;/../../me",
  "/v1/sessions/%252e%252e/me",
  "/v1/%6de",
  "/v1/me%20",
  "/v1/users/..;/me",
  "/v1/sessions/ses_1%23other",
  "/v1/sessions/*",
  "/v1/sessions/%25",
])("A13 %s leads nowhere, with and without a token", async (path) => {
  for (const answer of [await member.request("GET", path), await app.request("GET", path)]) {
    expect([400, 401, 404]).toContain(answer.status);
  }
  expect((await app.request("GET", path)).status).not.toBe(200);
});

test.each(["ses_1#other", "usr#admin", "%", "*", "'; drop", "x".repeat(129), "ses_\u0000"])(
  "I07 an id that could be a key (%p) is refused before the table is asked",
  async (id) => {
    const answer = await member.request("GET", `/v1/sessions/${encodeURIComponent(id)}`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { pointer: "/path/sessionId", message: expect.stringMatching(/^must be /) },
    ]);
  },
);
