import { startApp } from "../../support/app.ts";
import { httpEvent } from "../../support/http-event.ts";

const app = await startApp();
afterAll(() => app.stop());
const tenant = await app.tenant();
const member = await app.signIn(tenant.member);

// That every answer carries the security headers and a request id is checked for each answer of every HTTP test
// (test/support/answer-check.ts). Here is what differs from one answer to another.

test("an answer is not kept by anybody in between", async () => {
  expect((await member.request("GET", "/v1/me")).headers["cache-control"]).toBe("no-store");
  expect((await app.request("GET", "/v1/me")).headers["cache-control"]).toBe("no-store");
});

test("an answer that is no page may not run, load or frame anything", async () => {
  expect((await app.request("GET", "/v1/me")).headers["content-security-policy"]).toBe(
    "default-src 'none'; frame-ancestors 'none'",
  );
});

test("a gateway that says null where there is nothing is understood", async () => {
  const route = { routeKey: "GET /health", module: "functions/health/index", handlerName: "handler" };
  const request = { method: "GET", path: "/health", headers: {}, ip: "192.0.2.1" };
  const nothing = { body: null, cookies: null, pathParameters: null, queryStringParameters: null };
  const event = { ...httpEvent(request, route, app.clock.now()), ...nothing };
  expect(await app.invoke("health", event)).toMatchObject({ statusCode: 200 });
});

test("every request has an id of its own, whatever id its sender gives it", async () => {
  const ask = () => app.request("GET", "/health", { headers: { "x-request-id": "req_mine" } });
  const ids = (await Promise.all([ask(), ask(), ask()])).map(({ headers }) => headers["x-request-id"]);
  expect(new Set(ids).size).toBe(3);
  expect(ids).not.toContain("req_mine");
});

test("the request id, the task and the trace of a request are on its record", async () => {
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const answer = await member.request("GET", "/v1/me", {
    headers: { "X-Task-Id": "nightly:2026-03-02", traceparent },
  });
  const [record] = await app.records(tenant.id, answer);
  expect(record).toMatchObject({
    requestId: answer.headers["x-request-id"],
    taskId: "nightly:2026-03-02",
    traceparent,
    outcome: "success",
  });
});

test.each([
  ["a blank", "two words"],
  ["65 characters", "x".repeat(65)],
  ["more than a key of the table holds", "x".repeat(4000)],
  ["nothing", ""],
  ["two tasks", "a,b"],
])("a task named with %s is refused, and is not on record", async (_what, name) => {
  const answer = await member.request("GET", "/v1/me", { headers: { "X-Task-Id": name } });
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([
    { pointer: "/headers/x-task-id", message: "must be 1 to 64 of A-Z a-z 0-9 . _ : -" },
  ]);
  const [record] = await app.records(tenant.id, answer);
  expect(record).toMatchObject({ action: "user:read-own", outcome: "error", errorCode: "request.invalid" });
  expect(record).not.toHaveProperty("taskId");
});

test("a trace that is none is left out, as W3C Trace Context has it", async () => {
  const answer = await member.request("GET", "/v1/me", {
    headers: { traceparent: "00-zz-00f067aa0ba902b7-01" },
  });
  const [record] = await app.records(tenant.id, answer);
  expect(record).not.toHaveProperty("traceparent");
});

test("a refused request is on record with the code that it was refused with", async () => {
  const reader = await app.signIn(tenant.reader);
  const answer = await reader.request(
    "DELETE",
    `/v1/sessions/${(await app.signIn(tenant.member)).sessionId}`,
  );
  expect(answer.status).toBe(403);
  expect(await app.records(tenant.id, answer)).toMatchObject([
    { action: "session:revoke", outcome: "denied", errorCode: "access.denied" },
  ]);
});

test("I16 forwarding headers are never believed: the address is the socket's", async () => {
  const headers = {
    "x-forwarded-for": "1.1.1.1, 2.2.2.2",
    forwarded: "for=1.1.1.1",
    "x-real-ip": "1.1.1.1",
  };
  const answer = await member.request("GET", "/v1/me", { headers, ip: "198.51.100.9" });
  const [record] = await app.records(tenant.id, answer);
  expect(record?.ip).toBe("198.51.100.9");
});

test("I12 control characters of a user agent do not reach the record", async () => {
  const answer = await member.request("GET", "/v1/me", {
    headers: { "user-agent": `evil\u001b[31m\r\nadmin${"x".repeat(9000)}` },
  });
  const [record] = await app.records(tenant.id, answer);
  expect(record?.userAgent).toMatch(/^evil \[31m {2}adminx+$/);
  expect(record?.userAgent).toHaveLength(512);
});
