// Guarantees: a refresh token in a cookie is out of reach of scripts, of other hosts and of other pages (attack rows S07 to
// S10).
import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { login } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

const BY_COOKIE = { "x-session-transport": "cookie" };
const OURS = { origin: "http://localhost:3000", "sec-fetch-site": "same-origin" };

/** Somebody who signed in with a browser. */
async function browser() {
  const { member } = await app.tenant();
  const answer = await login(app, member, { headers: BY_COOKIE });
  const cookie = answer.cookies[0]?.split(";")[0] ?? "";
  return { member, answer, cookie, token: answer.body.accessToken as string };
}

const refresh = (cookie: string, headers: Readonly<Record<string, string>> = OURS) =>
  app.request("POST", "/v1/auth/refresh", { headers: { cookie, ...headers } });

test("S09 the cookie is for this host alone, over TLS, unseen by scripts, and small", async () => {
  const { answer } = await browser();
  expect(answer.body.refreshToken).toBeUndefined();
  expect(answer.cookies).toHaveLength(1);
  const [value, ...attributes] = (answer.cookies[0] ?? "").split("; ");
  expect(value).toMatch(/^__Host-refresh=ten_[^;=\s]+$/);
  expect(attributes.sort()).toEqual(["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Strict", "Secure"]);
  expect(answer.cookies[0]?.length).toBeLessThan(4096);
});

test("a browser refreshes by its cookie, and gets the next one", async () => {
  const { cookie } = await browser();
  const answer = await refresh(cookie);
  expect(answer.status).toBe(200);
  expect(answer.body.refreshToken).toBeUndefined();
  const next = answer.cookies[0]?.split(";")[0] ?? "";
  expect(next).not.toBe(cookie);
  expect((await refresh(next, { ...OURS, "sec-fetch-site": "same-site" })).status).toBe(200);
});

describe("S07 a cookie is not taken from another page", () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ["another origin", { ...OURS, origin: "https://evil.example" }],
    ["the origin null", { ...OURS, origin: "null" }],
    ["no origin", { "sec-fetch-site": "same-origin" }],
    ["no origin, cross-site", { "sec-fetch-site": "cross-site" }],
    ["our origin, cross-site", { ...OURS, "sec-fetch-site": "cross-site" }],
    ["our origin and no word of the site", { origin: OURS.origin }],
    ["typed into the address bar", { ...OURS, "sec-fetch-site": "none" }],
    ["https of our origin", { ...OURS, origin: "https://localhost:3000" }],
    ["another port", { ...OURS, origin: "http://localhost:3001" }],
    ["an origin that begins like ours", { ...OURS, origin: "http://localhost:3000.evil.example" }],
    ["plain text from elsewhere", { origin: "https://evil.example", "content-type": "text/plain" }],
  ])("%s", async (_name, headers) => {
    const { cookie, token } = await browser();
    const body = headers["content-type"] === undefined ? {} : { body: "refreshToken=x" };
    for (const path of ["/v1/auth/refresh", "/v1/auth/logout"]) {
      const answer = await app.request("POST", path, { headers: { cookie, ...headers }, ...body });
      expect(answer.status).toBe(403);
      expect(answer.cookies).toEqual([]);
    }
    expect((await app.request("GET", "/v1/me", { token })).status).toBe(200);
  });
});

test("S08 no origin, ours neither, is ever allowed to read an answer from elsewhere", async () => {
  const { member, token } = await browser();
  for (const origin of [
    "https://evil.example",
    "null",
    "http://localhost:3000",
    "http://localhost:3000.evil.example",
  ]) {
    const headers = { origin };
    const answers = [
      await login(app, { ...member, password: "a password that is wrong" }, { headers }),
      await app.request("GET", "/v1/me", { token, headers }),
      await app.request("POST", "/v1/auth/refresh", { headers, body: { refreshToken: "x" } }),
    ];
    for (const answer of answers) {
      const names = Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"));
      expect(names).toEqual([]);
    }
  }
});

describe("S10 a cookie put beside ours", () => {
  test("of the same name: neither is taken", async () => {
    const { cookie } = await browser();
    for (const both of [
      `${cookie}; __Host-refresh=x`,
      `__Host-refresh=x; ${cookie}`,
      `${cookie}; ${cookie}`,
    ]) {
      expect((await refresh(both)).body.code).toBe("refresh.invalid");
    }
    expect((await refresh(cookie)).status).toBe(200);
  });

  test("of a like name: it is not looked at", async () => {
    const { cookie } = await browser();
    const others = "refresh=x; __host-refresh=x; __Secure-refresh=x; X__Host-refresh=x";
    expect((await refresh(`${others}; ${cookie}`)).status).toBe(200);
  });
});

describe("signing out", () => {
  test("by the cookie alone ends the session, and clears what the browser keeps", async () => {
    const { cookie, token } = await browser();
    const answer = await app.request("POST", "/v1/auth/logout", { headers: { cookie, ...OURS } });
    expect(answer.status).toBe(204);
    expect(answer.headers["clear-site-data"]).toBe('"cache", "cookies", "storage"');
    expect(answer.cookies).toEqual(["__Host-refresh=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict"]);
    expect((await app.request("GET", "/v1/me", { token })).body.reason).toBe("logged_out");
    expect((await refresh(cookie)).body.code).toBe("session.ended");
    const again = await app.request("POST", "/v1/auth/logout", { headers: { cookie, ...OURS } });
    expect(again.body.code).toBe("session.ended");
  });

  test("of an API client clears nothing", async () => {
    const { member } = await app.tenant();
    const answer = await (await app.signIn(member)).request("POST", "/v1/auth/logout");
    expect(answer.headers["clear-site-data"]).toBeUndefined();
    expect(answer.cookies).toEqual([]);
  });
});

test("the cookie is taken where the contract says so, and nowhere else", async () => {
  const { cookie } = await browser();
  const headers = { cookie, ...OURS };
  expect((await app.request("GET", "/v1/me", { headers })).body.code).toBe("auth.required");
  expect((await app.request("POST", "/v1/sessions/revoke", { headers, body: {} })).body.code).toBe(
    "auth.required",
  );
});

test("another transport than the cookie is unknown", async () => {
  const { member } = await app.tenant();
  const answer = await login(app, member, { headers: { "x-session-transport": "local-storage" } });
  expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: "/headers/x-session-transport" }] });
});
