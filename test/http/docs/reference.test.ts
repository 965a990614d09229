import { readFileSync } from "node:fs";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const committed = JSON.parse(readFileSync(new URL("../../../openapi.json", import.meta.url), "utf8"));

test("GET /openapi.json gives the committed document", async () => {
  const answer = await app.request("GET", "/openapi.json");
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual(committed);
});

describe("GET /docs", () => {
  test("may load its own style sheet and nothing else, and runs no script", async () => {
    const answer = await app.request("GET", "/docs");
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.headers["content-security-policy"]).toBe(
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(answer.text).not.toMatch(/<script|<iframe|<img|style="|\son\w+=|javascript:|http:\/\/|https:\/\//);
    const [, styleSheet = ""] = /<link rel="stylesheet" href="([^"]+)">/.exec(answer.text) ?? [];
    const style = await app.request("GET", styleSheet);
    expect(style.headers["content-type"]).toBe("text/css; charset=utf-8");
    expect(style.headers["cache-control"]).toBe("public, max-age=3600");
  });

  test("shows every operation, and every link in it leads somewhere", async () => {
    const { text } = await app.request("GET", "/docs");
    const ids = Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
    const targets = Array.from(text.matchAll(/href="#([^"]+)"/g), ([, target]) => target);
    const operations = Object.values<object>(committed.paths).flatMap((path) =>
      Object.values<{ operationId: string }>(path as never).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(operations.filter((operation) => !ids.includes(operation))).toEqual([]);
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  });
});
