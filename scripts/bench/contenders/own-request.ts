import { generateKeyPairSync } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as z from "zod";
import { createRoleBook } from "../../../lib/access/role-book.ts";
import type { ActivityRecord } from "../../../lib/activity/activity.ts";
import { accessTokens } from "../../../lib/aws/access-tokens.ts";
import { newId, seededIds } from "../../../lib/aws/ids.ts";
import { endpoint } from "../../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../../lib/http/http-deps.ts";
import { json } from "../../../lib/http/reply.ts";
import type { CallerRows } from "../../../lib/session/caller.ts";
import { DEFAULT_POLICY } from "../../../lib/session/policy.ts";

const spec = {
  method: "GET",
  route: "/v1/bench/{thingId}",
  summary: "A thing of the tenant",
  tag: "Bench",
  permission: { decidedBy: "handler", action: "vm:read" },
  path: z.object({ thingId: z.string().regex(/^res_[0-9a-z]{26}$/) }),
  response: z.object({ sessionId: z.string() }),
  successStatus: 200,
} as const satisfies EndpointSpec;

/** One authorised request, from the gateway's event to its answer, with the rows that decide it and the log in memory. */
export async function prepare(): Promise<() => Promise<void>> {
  const { rows, tokens, token } = await signedIn();
  const handler = endpoint(spec, dependencies(rows, tokens), async ({ caller, path, authorise }) => {
    authorise({ resource: { type: "vm", id: path.thingId } });
    return json({ sessionId: caller.session.sessionId });
  });
  const event = eventWith(token);
  return async () => {
    const { statusCode } = await handler(event, {});
    if (statusCode !== 200) throw new Error(`The measured request was answered ${statusCode}.`);
  };
}

/** A person with a live session and its access token. */
export async function signedIn() {
  const rows = liveRows();
  const tokens = signer();
  const token = await tokens.sign({ ...rows.key, authTimeMs: Date.now(), amr: ["pwd"] });
  return { rows, tokens, token };
}

function liveRows(): CallerRows & { readonly key: { tenantId: string; userId: string; sessionId: string } } {
  const nowMs = Date.now();
  const key = { tenantId: newId("ten"), userId: newId("usr"), sessionId: newId("ses") };
  return {
    key,
    session: {
      ...{
        ...key,
        kind: "interactive",
        ip: "192.0.2.1",
        userAgent: "bench/1.0",
        amr: ["pwd"],
        roles: ["member"],
      },
      device: { browser: "", os: "", type: "desktop" },
      ...{ createdAtMs: nowMs, lastSeenAtMs: nowMs, authTimeMs: nowMs, refreshRotatedAtMs: nowMs },
      idleExpiresAtMs: nowMs + DEFAULT_POLICY.idleTimeoutSeconds * 1000,
      absoluteExpiresAtMs: nowMs + DEFAULT_POLICY.absoluteTimeoutSeconds * 1000,
      refreshGeneration: 1,
    },
    user: {
      ...{ ...key, email: "ada@example.com", name: "Ada", roles: ["member"], disabled: false, version: 1 },
      ...{ status: "active", factorTypes: [], createdAtMs: nowMs, updatedAtMs: nowMs },
    },
    tenant: {
      ...{ tenantId: key.tenantId, name: "Measured", status: "active", policy: DEFAULT_POLICY },
      ...{ rolesVersion: 0, version: 1, createdAtMs: nowMs },
    },
  };
}

function signer() {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const never = async () => {
    throw new Error("Nothing measured reads the key set.");
  };
  return accessTokens({
    keys: {
      signer: async () => ({
        ...pair,
        ...{ kid: "bench", activeFromMs: 0, retiredAtMs: Number.POSITIVE_INFINITY },
        publicJwk: { kty: "EC", crv: "P-256", x: "", y: "", kid: "bench", alg: "ES256", use: "sig" },
      }),
      verificationKey: async () => pair.publicKey,
      jwks: never,
    },
    ...{ issuer: "http://localhost:3000", audience: "active-session", now: Date.now },
  });
}

function dependencies(rows: CallerRows, tokens: ReturnType<typeof signer>): HttpDeps {
  const unused = () => Promise.reject(new Error("The measured request does not come here."));
  const book = createRoleBook({ customRoles: [], isPlatform: false });
  const kept: ActivityRecord[] = [];
  return {
    ...{ now: Date.now, newId, seededIds, tokens, allowedOrigins: [], sha256: (text) => text },
    refreshTokens: { parse: unused },
    callers: { read: async () => rows },
    roleBooks: { bookOf: async () => book },
    sessionTouches: { touch: unused },
    sessionEnds: { endFound: unused },
    isAddressAllowed: () => true,
    activity: {
      append: async (record) => {
        if (kept.length >= 1000) kept.length = 0;
        kept.push(record);
      },
    },
    idempotency: { claim: unused, complete: unused, release: unused, handOver: unused },
    cursors: { seal: unused, open: unused },
    log: { request: () => undefined },
  };
}

function eventWith(token: string): APIGatewayProxyEventV2 {
  const path = `/v1/bench/${newId("res")}`;
  const http = { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "bench/1.0" };
  return {
    ...{ version: "2.0", routeKey: "GET /v1/bench/{thingId}", rawPath: path, rawQueryString: "" },
    headers: { authorization: `Bearer ${token}`, "user-agent": "bench/1.0", accept: "application/json" },
    pathParameters: { thingId: path.slice("/v1/bench/".length) },
    requestContext: {
      ...{ accountId: "000000000000", apiId: "bench", domainName: "localhost", domainPrefix: "localhost" },
      ...{ http, requestId: "bench", routeKey: "", stage: "$default", time: "", timeEpoch: 0 },
    },
    isBase64Encoded: false,
  };
}
