import { expectAnswer, expectThat } from "./expect.ts";
import type { Send } from "./http-client.ts";
import type { Step } from "./run-smoke.ts";

/** What anybody may ask. */
export function publicSteps(send: Send, baseUrl: string): readonly Step[] {
  return [
    { name: "health", run: () => health(send) },
    { name: "security headers", run: () => securityHeaders(send) },
    { name: "published keys", run: () => publishedKeys(send) },
    { name: "issuer", run: () => issuer(send, baseUrl) },
    { name: "OpenAPI document", run: () => openApi(send) },
    { name: "console", run: () => consolePage(send) },
    { name: "no such path", run: async () => expectAnswer(await send("GET", "/v1/smoke"), 404, "not_found") },
    { name: "malformed request", run: () => malformed(send) },
    { name: "without a token", run: () => withoutToken(send) },
  ];
}

async function health(send: Send): Promise<void> {
  const answer = await send("GET", "/health");
  expectAnswer(answer, 200);
  expectThat(answer.at("status") === "ok", "the status is not ok");
}

async function securityHeaders(send: Send): Promise<void> {
  const { headers } = await send("GET", "/health");
  expectThat(headers.get("x-content-type-options") === "nosniff", "x-content-type-options is not nosniff");
  expectThat(headers.get("cache-control") === "no-store", "cache-control is not no-store");
  for (const name of ["strict-transport-security", "referrer-policy", "x-request-id"]) {
    expectThat(headers.get(name) !== null, `there is no ${name}`);
  }
}

async function publishedKeys(send: Send): Promise<string> {
  const answer = await send("GET", "/.well-known/jwks.json");
  expectAnswer(answer, 200);
  const keys = [answer.at("keys") ?? []].flat();
  expectThat(keys.length > 0, "there is no key");
  expectThat(
    keys.every((_, index) => answer.at("keys", String(index), "alg") === "ES256"),
    "a key is not for ES256",
  );
  expectThat(!/"d"\s*:/.test(answer.text), "a private key is published");
  return `${keys.length}`;
}

/** Tokens of a service that is called something else are refused by whoever checks them. */
async function issuer(send: Send, baseUrl: string): Promise<void> {
  const answer = await send("GET", "/.well-known/oauth-authorization-server");
  expectAnswer(answer, 200);
  expectThat(answer.at("issuer") === baseUrl, `the issuer is ${String(answer.at("issuer"))}`);
}

async function openApi(send: Send): Promise<string> {
  const answer = await send("GET", "/openapi.json");
  expectAnswer(answer, 200);
  const version = String(answer.at("openapi"));
  expectThat(version.startsWith("3.1"), `the document is OpenAPI ${version}`);
  return `${Object.keys(Object(answer.at("paths"))).length} paths`;
}

async function consolePage(send: Send): Promise<void> {
  const answer = await send("GET", "/");
  expectAnswer(answer, 200);
  expectThat(answer.headers.get("content-type")?.startsWith("text/html") === true, "it is no page");
  expectThat(answer.headers.get("content-security-policy") !== null, "it has no content security policy");
}

async function malformed(send: Send): Promise<void> {
  expectAnswer(await send("POST", "/v1/auth/login", { body: "{" }), 400, "request.malformed");
  expectAnswer(await send("POST", "/v1/auth/login", { body: {} }), 400, "request.invalid");
}

async function withoutToken(send: Send): Promise<void> {
  const answer = await send("GET", "/v1/me");
  expectAnswer(answer, 401, "auth.required");
  expectThat(answer.headers.get("www-authenticate") !== null, "there is no www-authenticate");
}
