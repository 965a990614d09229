import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";

// A plug-in's module, which has no types.
const MODULE: string = "../../../scripts/local/gateway-differences.cjs";
const { default: levelGateway } = (await import(MODULE)) as { readonly default: (port: number) => void };

interface Seen {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
}

let seen: Seen | undefined;
const server = createServer((incoming, answer) => {
  seen = { url: incoming.url, headers: incoming.headers, rawHeaders: incoming.rawHeaders };
  answer.end();
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;
levelGateway(port);
afterAll(() => server.close());

/** Sends a request as it is written; `fetch` would put the path right. */
async function send(path: string, headers: Record<string, string> = {}, body = ""): Promise<Seen> {
  await new Promise<void>((resolve, reject) => {
    request({ port, path, headers, method: body === "" ? "GET" : "POST" }, (answer) => {
      answer.resume().on("end", resolve);
    })
      .on("error", reject)
      .end(body);
  });
  if (seen === undefined) throw new Error("Nothing arrived.");
  return seen;
}

test.each([
  ["/v1/me", "/v1/me"],
  ["/", "/"],
  ["/v1/me/", "/v1/me//"],
  ["/v1/me/?a=/", "/v1/me//?a=/"],
  ["/v1/./me", "/v1/%252e/me"],
  ["/v1/x/%2E%2e/me", "/v1/x/%252e%252e/me"],
  ["/v1/x/.../me", "/v1/x/.../me"],
  ["/v1/%ZZ", "/v1/%25ZZ"],
  ["/v1/%ff", "/v1/%25ff"],
  ["/v1/a%2Fb?q=%ZZ", "/v1/a%2Fb?q=%ZZ"],
])("%s reaches the router as a path that it takes as it came: %s", async (sent, arrived) => {
  expect((await send(sent)).url).toBe(arrived);
});

test.each([[undefined], [""]])("a body of type %j has a type that nobody takes", async (type) => {
  const { headers, rawHeaders } = await send("/", type === undefined ? {} : { "content-type": type }, "{}");
  expect(headers["content-type"]).toBe("application/octet-stream");
  expect(rawHeaders.filter((text) => text === "application/octet-stream")).toHaveLength(1);
});

test.each([
  ["application/json; charset=utf-8"],
  ["application/json, text/plain"],
  ["multipart/form-data"],
  ["garbage"],
])("a body of type %s is for the functions to read, and the gateway reads nothing into it", async (type) => {
  const { headers, rawHeaders } = await send("/", { "content-type": type }, '"text"');
  expect(headers["content-type"]).toBe("application/octet-stream");
  expect(rawHeaders).toContain(type);
  expect(rawHeaders).not.toContain("application/octet-stream");
});

test("a request without a body is given no type", async () => {
  expect((await send("/")).headers).not.toHaveProperty("content-type");
});

test("an origin is for the functions to judge, not for the gateway", async () => {
  const { headers, rawHeaders } = await send("/", { Origin: "https://evil.example" });
  expect(headers).not.toHaveProperty("origin");
  expect(rawHeaders).toContain("https://evil.example");
});
