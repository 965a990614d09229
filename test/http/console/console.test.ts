import { buildConsole } from "../../../scripts/build-console.ts";
import { startApp } from "../../support/app.ts";

await buildConsole();
const app = await startApp();
afterAll(() => app.stop());

const page = await app.request("GET", "/");
const script = /src="(\/console\/main-[A-Z0-9]{8}\.js)"/.exec(page.text)?.[1] ?? "none";
const style = /href="(\/console\/main-[A-Z0-9]{8}\.css)"/.exec(page.text)?.[1] ?? "none";

describe("GET /", () => {
  test("is a page that may load its own scripts and styles, reach its own origin and feed, and nothing else", () => {
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["cache-control"]).toBe("no-store");
    expect(page.headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' " +
        "ws://localhost:3001; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(page.text).not.toMatch(/<style|style="|<script(?![^>]* src=)|\son\w+=|https?:\/\//);
  });
});

describe("GET /console/{name}", () => {
  test.each([
    [script, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
    [style, "text/css; charset=utf-8", "public, max-age=31536000, immutable"],
    ["/console/icon.svg", "image/svg+xml", "public, max-age=3600"],
  ])("gives %s for as long as its name says that it cannot change", async (path, type, kept) => {
    const answer = await app.request("GET", path);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe(type);
    expect(answer.headers["cache-control"]).toBe(kept);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  });

  test.each([
    ["br, gzip", "br"],
    ["gzip, deflate", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["identity", undefined],
  ])("answers a browser that takes %s in %s", async (accepted, encoding) => {
    const answer = await app.request("GET", script, { headers: { "accept-encoding": accepted } });
    expect(answer.headers["content-encoding"]).toBe(encoding);
    expect(answer.headers["vary"]).toBe("accept-encoding");
  });

  test.each([
    "none.js",
    "index.html",
    "..%2Fpackage.json",
    "..%2F..%2Fpackage.json",
    "main.tsx",
    "%00.js",
    "a".repeat(90),
  ])("gives no other file: %s", async (name) => {
    expect((await app.request("GET", `/console/${name}`)).status).toBe(404);
  });
});
