// Guarantees: what a client sends is data, wherever it lands: no expression, no line of a log, no address, no file and no
// page to go to (attack rows I06, I12, I14 to I17).
import { afterAll, describe, expect, jest, test } from "@jest/globals";
import type { Answer } from "../../support/answer-check.ts";
import { startApp } from "../../support/app.ts";
import { messagesTo } from "../../support/outbox.ts";
import { login } from "../../support/sign-in.ts";

const app = await startApp({ env: { POWERTOOLS_LOG_LEVEL: "INFO" } });
const written: string[] = [];
for (const stream of [process.stdout, process.stderr]) {
  jest.spyOn(stream, "write").mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
}
afterAll(() => {
  jest.restoreAllMocks();
  app.stop();
});

const tenant = await app.tenant();
const owner = await app.signIn(tenant.owner);

/** What the service has logged of one request. */
async function logOf(request: () => Promise<Answer>): Promise<readonly string[]> {
  written.length = 0;
  await request();
  return written
    .join("")
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .filter((line) => line !== "");
}

describe("I06 expressions of a database", () => {
  const EXPRESSIONS = [
    '{"$gt":""}',
    "a OR attribute_exists(pk)",
    "#pk",
    ":v",
    "begins_with(pk, :v)",
    "size",
    "pk = :v",
    "tenantId",
    "x, pk = :other",
    "name REMOVE tenantId",
  ];

  test("are names and values like others where things are kept", async () => {
    const tags = Object.fromEntries(EXPRESSIONS.flatMap((text) => [[text, text]]));
    for (const name of EXPRESSIONS) {
      const body = { type: "volume", name, spec: { sizeGiB: 1 }, tags };
      const { body: made } = await owner.request("POST", "/v1/resources", { body });
      app.clock.advance(1000);
      const read = await owner.request("GET", `/v1/resources/${made.id}`);
      expect(read.body).toMatchObject({ name, tags, ownerId: owner.user.userId });
      const renamed = { body: { name: `${name}, pk`, tags: { [name]: ":v" } } };
      const changed = await owner.request("PATCH", `/v1/resources/${made.id}`, renamed);
      expect(changed.body).toMatchObject({ ...renamed.body, ownerId: owner.user.userId });
    }
  });

  test("find nothing but themselves where things are searched", async () => {
    for (const text of EXPRESSIONS.map(encodeURIComponent)) {
      for (const query of [
        `userId=${text}`,
        `resource=${encodeURIComponent("volume/")}${text}`,
        `taskId=${text}`,
      ]) {
        const found = await owner.request("GET", `/v1/activity?${query}`);
        if (found.status !== 400) expect([query, found.body.items]).toEqual([query, []]);
      }
    }
  });

  test("are refused as keys of requests, or are keys like others", async () => {
    const create = (key: string) =>
      owner.request("POST", "/v1/resources", {
        body: { type: "volume", name: "disk", spec: { sizeGiB: 1 } },
        headers: { "idempotency-key": key },
      });
    const ids = new Set<string>();
    for (const key of EXPRESSIONS) {
      const [first, again] = [await create(key), await create(key)];
      expect(again.body.id).toBe(first.body.id);
      ids.add(first.body.id);
    }
    expect(ids.size).toBe(EXPRESSIONS.length);
  });
});

describe("I12 a request is one line of the log", () => {
  const FORGED = '"}\r\n{"level":"INFO","message":"request","route":"/forged"}\n\u001b[2J\u2028\u0085\u0000';

  test.each<[string, (text: string) => Promise<Answer>]>([
    ["its user agent", (text) => owner.request("GET", "/v1/me", { headers: { "user-agent": text } })],
    ["its task", (text) => owner.request("GET", "/v1/me", { headers: { "x-task-id": text } })],
    ["its trace", (text) => owner.request("GET", "/v1/me", { headers: { traceparent: text } })],
    ["its path", (text) => owner.request("GET", `/v1/sessions/${encodeURIComponent(text)}`)],
    ["its query", (text) => owner.request("GET", `/v1/activity?userId=${encodeURIComponent(text)}`)],
    [
      "a name in it",
      (text) => owner.request("PATCH", `/v1/users/${owner.user.userId}`, { body: { name: text } }),
    ],
    ["a member of it", (text) => owner.request("POST", "/v1/roles", { body: { [text]: text } })],
    ["an address in it", (text) => login(app, { email: `${text}@example.com`, password: text })],
    ["its method", (text) => app.request("GET", "/health", { headers: { "x-http-method": text } })],
  ])("whatever is in %s", async (_what, send) => {
    const lines = await logOf(() => send(FORGED));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      message: "request",
      route: expect.stringMatching(/^\//),
    });
    expect(lines[0]).not.toMatch(/forged|\p{Cc}/u);
  });
});

describe("I14 a device that bears markup", () => {
  const MARKUP = '"><img src=x onerror=alert(1)></script>';

  test("is shown as the text it is, in an answer that no browser takes for a page", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member, {
      deviceName: MARKUP,
      headers: { "user-agent": `</script>${MARKUP}` },
    });
    const list = await me.request("GET", "/v1/sessions");
    expect(list.body.items[0].device).toMatchObject({ name: MARKUP });
    expect(list.headers).toMatchObject({
      "content-type": "application/json",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
    });
    expect(list.body.items[0].device.browser).not.toMatch(/[<>]/);
    const problem = await me.request("GET", `/v1/sessions/${encodeURIComponent(MARKUP)}`);
    expect(problem.headers["content-type"]).toBe("application/problem+json");
  });

  test("is read in no time, however it was made", async () => {
    const { describeDevice } = await import("../../../lib/aws/devices.ts");
    const agents = [
      "A".repeat(8192),
      `Mozilla/5.0 (${"a;".repeat(4000)}`,
      "Mozilla/5.0 ".repeat(700),
      `Opera/${"9.".repeat(4000)}x`,
      `Mozilla/5.0 (Linux; Android ${"1".repeat(4000)}) ${" ".repeat(4000)}`,
      `${"(".repeat(4000)}${")".repeat(4000)}`,
      `Mozilla/5.0 (compatible; ${"MSIE 1 ".repeat(1000)}`,
      `${"iphone ".repeat(500)}version/${"1 ".repeat(1000)}`,
    ];
    for (const agent of agents) {
      // The shortest of five: what another process takes is not ours.
      const tookMs = Array.from({ length: 5 }, () => {
        const startedMs = performance.now();
        describeDevice(agent.slice(0, 512), undefined);
        return performance.now() - startedMs;
      });
      expect(Math.min(...tookMs)).toBeLessThan(50);
    }
    const sent = await owner.request("GET", "/v1/me", { headers: { "user-agent": agents[0] ?? "" } });
    expect(sent.status).toBe(200);
  });
});

describe("I15 nobody is sent to another site", () => {
  const ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%0d%0aLocation:%20https://evil.example",
    "https://localhost:3000@evil.example",
  ];

  test.each(ELSEWHERE)("by %s, in a query or a path", async (target) => {
    const names = ["next", "redirect", "redirect_uri", "returnTo", "url", "continue"];
    const query = names.map((name) => `${name}=${encodeURIComponent(target)}`).join("&");
    for (const path of [
      `/?${query}`,
      `/docs?${query}`,
      `/health?${query}`,
      target.startsWith("/") ? target : `/${target}`,
    ]) {
      const answer = await app.request("GET", path);
      expect([200, 400, 404]).toContain(answer.status);
      expect(answer.headers).not.toHaveProperty("location");
      expect(answer.headers).not.toHaveProperty("refresh");
    }
  });

  test("nor by a letter, whatever host the request for it names", async () => {
    const { member } = await app.tenant();
    const headers = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      forwarded: "host=evil.example",
      origin: "https://evil.example",
      referer: "https://evil.example/",
    };
    const body = { email: member.email };
    expect((await app.request("POST", "/v1/auth/password-reset", { body, headers })).status).toBe(202);
    await app.deliverStreams();
    const letters = messagesTo(member.email);
    expect(letters).toHaveLength(1);
    expect(JSON.stringify(letters)).not.toContain("evil");
  });
});

test("I16 failures count for the address of the socket, whatever addresses the headers name", async () => {
  const { member } = await app.tenant();
  const wrong = { ...member, password: "a password that is not right" };
  const forwarded = (host: number) => ({
    "x-forwarded-for": `198.51.100.${host}, 10.0.0.1`,
    forwarded: `for=198.51.100.${host}`,
    "x-real-ip": `198.51.100.${host}`,
    "true-client-ip": `198.51.100.${host}`,
    "cf-connecting-ip": `198.51.100.${host}`,
  });
  const statuses: number[] = [];
  for (let host = 1; host <= 6; host++) {
    statuses.push((await login(app, wrong, { ip: "192.0.2.50", headers: forwarded(host) })).status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  // And nobody else's address is used up by naming it.
  expect((await login(app, member, { ip: "198.51.100.1" })).status).toBe(200);
});

describe("I17 no path leads to a file of ours", () => {
  test.each([
    "/console/..%2f..%2fpackage.json",
    "/console/%2e%2e%2f%2e%2e%2fpackage.json",
    "/console/..%5c..%5cpackage.json",
    "/console/%2fetc%2fpasswd",
    "/console/....%2f%2fpackage.json",
    "/console/index.html%00.js",
    "/console/..%2findex.js",
    "/console/.",
    "/docs/..%2f..%2fpackage.json",
    "/openapi.json/..%2fpackage.json",
    "/package.json",
    "/.git/config",
    "/.env",
    "/v1/activity/..%2f..%2fpackage.json",
    "/v1/invoices/..%2f..%2fpackage.json?format=csv",
    "/v1/invoices/inv_1?format=..%2f..%2fpackage.json",
    "/v1/activity/export?format=..%2f..%2fpackage.json",
    "/v1/sessions/current/state/..%2f..%2fpackage.json",
  ])("%s", async (path) => {
    const answer = await owner.request("GET", path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.text).not.toMatch(/active-session"|root:|\[core\]/);
  });
});
