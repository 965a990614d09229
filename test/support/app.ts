import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jest } from "@jest/globals";
import type { ActivityRecord } from "../../lib/activity/activity.ts";
import type { Handle } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { tableVariables } from "../../scripts/local/tables.ts";
import { type TenantOptions, type TestTenant, type TestUser, testAccounts, totpCodes } from "./accounts.ts";
import { type Answer, checkAnswer } from "./answer-check.ts";
import { createTables, localClient } from "./dynamodb-local.ts";
import { type Functions, type InvocationContext, readFunctions } from "./functions.ts";
import { httpEvent, routeOf, type TestRequest } from "./http-event.ts";
import { handOverAll, type StreamDelivery, streamDelivery } from "./stream-delivery.ts";

/** What a request may carry. An object as `body` is sent as JSON, a string as it is. */
export interface RequestOptions {
  readonly token?: string;
  readonly body?: unknown;
  /** A body that is no text; the gateway hands bytes over in base64. */
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ip?: string;
  /** Hands the body over as the gateway does with bytes. */
  readonly asBase64?: boolean;
}

/** Sends a request through the product; every answer is held to the OpenAPI document on the way. */
export type Send = (method: string, path: string, options?: RequestOptions) => Promise<Answer>;

/** Someone who has signed in. */
export interface SignedIn {
  readonly user: TestUser;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
  /** As `app.request`, with this session's access token. */
  readonly request: Send;
}

/** How to sign in. */
export interface SignInOptions {
  readonly ip?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly deviceName?: string;
  readonly roles?: readonly string[];
}

/** The whole product in this process, on tables of its own in DynamoDB Local and with a clock of its own. */
export interface TestApp {
  readonly request: Send;
  /** A tenant with an owner who has a TOTP factor, a member and a reader. */
  tenant(options?: TenantOptions): Promise<TestTenant>;
  /** Signs in through the API, with the second factor where the person has one. */
  signIn(user: TestUser, options?: SignInOptions): Promise<SignedIn>;
  /** The person's next TOTP code. */
  totp(user: TestUser): string;
  /** See `TotpCodes`. */
  forgetCodes(): void;
  readonly clock: { now(): number; advance(ms: number): void };
  /** What is on record of a tenant, or of one request there, newest first, read from the table. */
  records(tenantId: string, of?: Answer): Promise<readonly ActivityRecord[]>;
  /** Adds an endpoint of the test's own, made of the product's factory and adapters. */
  mount<const S extends EndpointSpec>(spec: S, handle: Handle<S>): void;
  /** Hands the changes of the tables to the functions that subscribe to them, until all is still. */
  deliverStreams(): Promise<void>;
  /** Calls a function by its key in `functions/functions.yml`, such as a scheduled one. */
  invoke(functionKey: string, event: object, context?: InvocationContext): Promise<unknown>;
  stop(): void;
}

/** What a test may set before the product is loaded. */
export interface AppOptions {
  /** When the test begins; default 2026-03-02T09:00:00Z, a Monday. */
  readonly now?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Everything but Date goes on as it does: only the time of day belongs to the test. */
const REAL_TIMERS = [
  ...(["hrtime", "nextTick", "performance", "queueMicrotask", "setImmediate", "clearImmediate"] as const),
  ...(["setInterval", "clearInterval", "setTimeout", "clearTimeout"] as const),
];

/**
 * Starts the product for one test file: `const app = await startApp(); afterAll(() => app.stop());` at its top.
 * Nothing of `lib/aws` or `functions` may be imported before, as both read their environment when they are loaded.
 */
export async function startApp(options: AppOptions = {}): Promise<TestApp> {
  const startMs = Date.parse(options.now ?? "2026-03-02T09:00:00.000Z");
  jest.useFakeTimers({ now: startMs, doNotFake: REAL_TIMERS });
  const tables = await createTables(`t-${randomUUID()}`);
  const directory = mkdtempSync(join(tmpdir(), "active-session-"));
  Object.assign(process.env, {
    ...tableVariables(tables),
    SECRETS_FILE: join(directory, "secrets.json"),
    OUTBOX_FILE: join(directory, "outbox.jsonl"),
    // A line of log for each request would bury the tests' own words; a defect has its cause in the log alone.
    POWERTOOLS_LOG_LEVEL: "ERROR",
    POWERTOOLS_METRICS_DISABLED: "true",
    ...options.env,
  });
  const adapters = await loadAdapters(join(directory, "secrets.json"), startMs);
  const functions = readFunctions();
  const client = localClient();
  const streams = streamDelivery({ client, tables, handOver: handOverAll(functions.invoke) });
  return {
    ...appOf(functions, streams, adapters),
    stop: () => {
      streams.close();
      client.destroy();
      rmSync(directory, { recursive: true });
      jest.useRealTimers();
    },
  };
}

function appOf(
  functions: Functions,
  streams: StreamDelivery,
  adapters: Awaited<ReturnType<typeof loadAdapters>>,
): Omit<TestApp, "stop"> {
  const request = sendThrough(functions);
  const accounts = testAccounts(adapters);
  const { next: totp, forget: forgetCodes } = totpCodes(Date.now);
  return {
    request,
    totp,
    forgetCodes,
    tenant: accounts.tenant,
    signIn: (user, options = {}) => signIn({ request, totp }, user, options),
    records: async (tenantId, of) => {
      const { records } = await adapters.activity.find({ tenantId, order: "newest_first", limit: 200 });
      return records.filter(({ requestId }) => of === undefined || requestId === of.headers["x-request-id"]);
    },
    mount: (spec, handle) => functions.mount(spec, adapters.endpoint(spec, adapters.platform, handle)),
    clock: {
      now: () => Date.now(),
      advance: (ms) => {
        jest.setSystemTime(Date.now() + ms);
      },
    },
    deliverStreams: streams.deliver,
    invoke: functions.invoke,
  };
}

async function loadAdapters(secretsFile: string, nowMs: number) {
  const { createSecretsFile } = await import("../../lib/aws/secrets-file.ts");
  await createSecretsFile(secretsFile, nowMs);
  const [{ accountTable }, { passwordHasher }, { factorSeals }, { newId }, ...rest] = await Promise.all([
    import("../../lib/aws/account-table.ts"),
    import("../../lib/aws/password-hasher.ts"),
    import("../../lib/aws/sign-in-ports.ts"),
    import("../../lib/aws/ids.ts"),
    import("../../lib/aws/activity-table.ts"),
    import("../../lib/aws/platform.ts"),
    import("../../lib/http/endpoint.ts"),
  ]);
  const [{ activityTable }, { platform }, { endpoint }] = rest;
  return {
    activity: activityTable(),
    platform: platform(),
    endpoint,
    store: accountTable(),
    newId,
    hashPassword: passwordHasher().hash,
    sealSecret: (secret: string, context: string) => factorSeals.seal("factor-secret", secret, { context }),
    now: () => Date.now(),
  };
}

function sendThrough(functions: Functions): Send {
  return async (method, path, options = {}) => {
    const route = routeOf(functions.routes, { method, path });
    if (route === undefined) throw new Error(`functions.yml has no route for ${method} ${path}.`);
    const event = httpEvent(
      {
        method,
        path,
        headers: headersOf(options),
        ...bodyOf(options),
        ip: options.ip ?? "203.0.113.7",
      },
      route,
      Date.now(),
    );
    const handler = await functions.handlerOf(route);
    const answer = answerOf(await handler(event, { awsRequestId: randomUUID() }));
    const spec = await functions.specOf(route, { method, path });
    if (spec !== undefined) checkAnswer(spec, answer);
    return answer;
  };
}

function headersOf({ token, body, bytes, headers }: RequestOptions): Record<string, string> {
  return {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined && bytes === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
  };
}

function bodyOf({ body, bytes, asBase64 }: RequestOptions): Pick<TestRequest, "body" | "isBase64"> {
  if (bytes !== undefined) return { body: Buffer.from(bytes).toString("base64"), isBase64: true };
  if (body === undefined) return {};
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return asBase64 === true ? { body: Buffer.from(text).toString("base64"), isBase64: true } : { body: text };
}

function answerOf(result: Awaited<ReturnType<Awaited<ReturnType<Functions["handlerOf"]>>>>): Answer {
  const text =
    result.isBase64Encoded === true
      ? Buffer.from(result.body ?? "", "base64").toString()
      : (result.body ?? "");
  const headers = Object.fromEntries(
    Object.entries(result.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const isJson = /^application\/([\w.-]+\+)?json\b/.test(headers["content-type"] ?? "");
  return {
    status: result.statusCode ?? 200,
    headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
    cookies: result.cookies ?? [],
  };
}

async function signIn(
  { request, totp }: Pick<TestApp, "request" | "totp">,
  user: TestUser,
  { ip, headers, deviceName, roles }: SignInOptions,
): Promise<SignedIn> {
  const from = { ...(ip === undefined ? {} : { ip }), ...(headers === undefined ? {} : { headers }) };
  const login = await request("POST", "/v1/auth/login", {
    ...from,
    body: { email: user.email, password: user.password, deviceName, roles },
  });
  const answer =
    login.body.status === "mfa_required"
      ? await request("POST", "/v1/auth/mfa", {
          ...from,
          body: { challengeToken: login.body.challengeToken, code: totp(user) },
        })
      : login;
  if (answer.body.status !== "active") throw new Error(`${user.email} could not sign in: ${answer.text}`);
  const { accessToken, refreshToken, session } = answer.body;
  return {
    user,
    accessToken,
    refreshToken,
    sessionId: session.id,
    request: (method, path, options) => request(method, path, { ...from, ...options, token: accessToken }),
  };
}
