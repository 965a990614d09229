import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Protection, session as protect } from "active-session/middleware";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import { type SignedIn, startApp } from "../../support/app.ts";

// The examples of docs/protect.md, as another service would run them: their calls go to the product in this process.

const app = await startApp();
const outside = { calls: [] as string[], isDown: false };
const ISSUER = "http://localhost:3000";

/** The network between the two services. */
const network: typeof fetch = async (url, init = {}) => {
  const { pathname } = new URL(String(url));
  outside.calls.push(pathname);
  if (outside.isDown) throw new TypeError("fetch failed");
  const headers = Object.fromEntries(new Headers(init.headers));
  const answer = await app.request(init.method ?? "GET", pathname, {
    headers,
    ...(typeof init.body === "string" ? { body: init.body } : {}),
  });
  return new Response(answer.text, { status: answer.status, headers: answer.headers });
};

const realFetch = globalThis.fetch;
beforeAll(() => {
  globalThis.fetch = network;
  process.env["ACTIVE_SESSION_ISSUER"] = ISSUER;
});
afterAll(async () => {
  globalThis.fetch = realFetch;
  await app.stop();
});

const tenant = await app.tenant();

const machines = async () => (await import("./start-machine.ts")).handler;
const authorizer = async () => (await import("./authorize-machine.ts")).handler;

async function start(token: string | undefined, id = "res_1") {
  const handler = await machines();
  const answer = await handler(eventOf(token, id), {} as never);
  return answer as { statusCode: number; body: string; headers?: Record<string, string> };
}

function eventOf(token: string | undefined, id: string): APIGatewayProxyEventV2 {
  // An authorizer gets the names of headers as they were written.
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return { headers, pathParameters: { id } } as unknown as APIGatewayProxyEventV2;
}

describe("a protected function", () => {
  test.each(["start-machine", "authorize-machine"])("is the one of the document: %s", (name) => {
    const example = readFileSync(new URL(`${name}.ts`, import.meta.url), "utf8");
    expect(readFileSync("docs/protect.md", "utf8")).toContain(`\`\`\`ts\n${example}\`\`\``);
  });

  test("is reached by who may, is told whose request it is, and the decision is on record", async () => {
    const member = await app.signIn(tenant.member);
    const answer = await start(member.accessToken);
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([
      202,
      { machine: "res_1", startedBy: member.user.userId },
    ]);
    const records = await app.records(tenant.id);
    const record = records.find(({ action }) => action === "access:evaluate");
    expect(record).toMatchObject({
      ...{ action: "access:evaluate", outcome: "success", sessionId: member.sessionId },
      ...{ resource: { type: "vm", id: "res_1" }, attributes: { action: "vm:start" } },
    });
  });

  test("is not reached by who may not, nor without a token, nor with one that is none", async () => {
    const reader = await app.signIn(tenant.reader);
    const denied = await start(reader.accessToken);
    expect([denied.statusCode, JSON.parse(denied.body).code]).toEqual([403, "access.denied"]);
    const none = await start(undefined);
    expect([none.statusCode, none.headers?.["www-authenticate"]]).toEqual([401, "Bearer"]);
    const before = outside.calls.length;
    for (const token of ["none", forged(reader), `${reader.accessToken}x`, reader.refreshToken]) {
      const wrong = await start(token);
      expect([wrong.statusCode, JSON.parse(wrong.body).code]).toEqual([401, "auth.token_invalid"]);
    }
    // A token that is none costs no decision.
    expect(outside.calls.slice(before)).not.toContain("/access/v1/evaluation");
  });

  test("is closed to a session from the instant that it ends", async () => {
    const member = await app.signIn(tenant.member);
    expect((await start(member.accessToken)).statusCode).toBe(202);
    await member.request("POST", "/v1/auth/logout");
    const ended = await start(member.accessToken);
    expect([ended.statusCode, JSON.parse(ended.body).code]).toEqual([401, "session.ended"]);
  });

  test("asks for a recent factor where the tenant does, and for one at all", async () => {
    const policy = { sensitiveActions: ["vm:start"], stepUpMaxAgeSeconds: 60 };
    const careful = await app.tenant({ policy });
    const member = await app.signIn(careful.member);
    const owner = await app.signIn(careful.owner);
    expect(JSON.parse((await start(member.accessToken)).body).code).toBe("mfa.enrollment_required");
    expect((await start(owner.accessToken)).statusCode).toBe(202);
    app.clock.advance(61_000);
    const later = await start(owner.accessToken);
    expect([later.statusCode, later.headers?.["www-authenticate"]]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", max_age="60"',
    ]);
  });

  test("is closed while the deployment cannot be asked", async () => {
    const member = await app.signIn(tenant.member);
    expect((await start(member.accessToken)).statusCode).toBe(202);
    outside.isDown = true;
    const closed = await start(member.accessToken);
    outside.isDown = false;
    expect([closed.statusCode, closed.headers?.["retry-after"]]).toEqual([503, "1"]);
  });

  test("is closed to a support agent, who looks on here and does nothing there", async () => {
    const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
    const agent = await app.signIn(await platform.addUser(["support-agent"]));
    const owner = await app.signIn(tenant.owner);
    const terms = { sessionId: owner.sessionId, access: "guide", expiresInSeconds: 60, reason: "It hangs." };
    const { body } = await owner.request("POST", "/v1/support/grants", { body: terms });
    const look = await agent.request("POST", "/v1/support/sessions", { body: { grantId: body.id } });
    expect((await start(look.body.accessToken)).statusCode).toBe(403);
  });
});

describe("the keys", () => {
  test("are asked for once in ten minutes, and twice a minute at most for tokens that name others", async () => {
    const member = await app.signIn(tenant.member);
    let nowMs = app.clock.now();
    const given: Protection = {
      issuer: ISSUER,
      action: "vm:start",
      resource: "vm/1",
      fetch: network,
      now: () => nowMs,
    };
    const { before } = protect(given);
    const ask = (token: string) => before({ event: eventOf(token, "1"), context: {} as Context });
    const asked = () => outside.calls.filter((path) => path === "/.well-known/jwks.json").length;
    const atFirst = asked();
    for (let round = 0; round < 3; round++) expect(await ask(member.accessToken)).toBeUndefined();
    expect(asked() - atFirst).toBe(1);
    for (let round = 0; round < 20; round++) await ask(forged(member));
    expect(asked() - atFirst).toBe(1);
    nowMs += 30_000;
    for (let round = 0; round < 20; round++) await ask(forged(member));
    expect(asked() - atFirst).toBe(2);
    expect(await ask(member.accessToken)).toBeUndefined();
  });
});

describe("an authorizer", () => {
  test("lets through who may, and tells the function whose request it is", async () => {
    const reader = await app.signIn(tenant.reader);
    const decide = await authorizer();
    expect(await decide(eventOf(reader.accessToken, "res_1"))).toEqual({
      isAuthorized: true,
      context: { tenantId: tenant.id, userId: reader.user.userId, sessionId: reader.sessionId },
    });
    const other = await app.signIn(await tenant.addUser(["billing"]));
    expect(await decide(eventOf(other.accessToken, "res_1"))).toEqual({
      isAuthorized: false,
      context: { code: "access.denied" },
    });
    await expect(decide(eventOf("none", "res_1"))).rejects.toThrow("Unauthorized");
    outside.isDown = true;
    await expect(decide(eventOf(reader.accessToken, "res_1"))).rejects.toThrow("unavailable");
    outside.isDown = false;
  });
});

/** The token with a key's name that there is none of. */
function forged({ accessToken }: Pick<SignedIn, "accessToken">): string {
  const [, payload, signature] = accessToken.split(".");
  const header = Buffer.from(JSON.stringify({ alg: "ES256", typ: "at+jwt", kid: "mine" })).toString(
    "base64url",
  );
  return [header, payload, signature].join(".");
}
