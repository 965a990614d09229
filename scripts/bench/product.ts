import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { AccountStore } from "../../lib/identity/account-store.ts";
import type { Tenant } from "../../lib/identity/tenant.ts";
import { DEFAULT_POLICY, type TenantPolicy } from "../../lib/session/policy.ts";
import { startDynamoDbLocal } from "../local/dynamodb-local.ts";
import { freePort } from "../local/ports.ts";
import { makeTables, tableNames, tableVariables } from "../local/tables.ts";

/** Base32; every measured person with a second factor has this one. */
export const TOTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/** What every measured person signs in with. */
export const PASSWORD = "correct horse battery staple";

/** One request, as the gateway would hand it over. */
export interface BenchRequest {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly ip?: string;
}

/** What came back, and how long it took. */
export interface BenchAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a measurement reads what it knows to be there.
  readonly body: any;
  readonly tookMs: number;
}

/** A Lambda handler as its module exports it. */
type Handler = (
  event: APIGatewayProxyEventV2,
  context: object,
) => Promise<{ readonly statusCode?: number; readonly body?: string }>;

/** The product in this process, on a DynamoDB Local of its own. */
export interface BenchProduct {
  /** The client that all functions share: what is added to its middleware sees every call. */
  readonly client: DynamoDBClient;
  /** Calls a function's handler: `functions/auth/login`. `route` is the gateway's key. */
  call(module: string, route: string, request: BenchRequest): Promise<BenchAnswer>;
  /** A tenant with its first user; `totp` gives them a second factor. */
  addTenant(policy?: Partial<TenantPolicy>, options?: { readonly totp?: boolean }): Promise<string>;
  stop(): void;
}

/** Starts the product for a measurement. Nothing of `lib/aws` or `functions` may be imported before. */
export async function startProduct(): Promise<BenchProduct> {
  const database = startDynamoDbLocal({ port: await freePort() });
  await database.ready;
  const directory = mkdtempSync(join(tmpdir(), "active-session-bench-"));
  const tables = tableNames("active-session-bench");
  Object.assign(process.env, {
    DYNAMODB_ENDPOINT: database.endpoint,
    ...tableVariables(tables),
    SECRETS_FILE: join(directory, "secrets.json"),
    OUTBOX_FILE: join(directory, "outbox.jsonl"),
    POWERTOOLS_LOG_LEVEL: "SILENT",
    // A busy machine may take its time: what is asked again would count twice.
    DYNAMODB_ANSWER_WITHIN_MS: "30000",
  });
  const [{ createSecretsFile }, { dynamoClient }] = await Promise.all([
    import("../../lib/aws/secrets-file.ts"),
    import("../../lib/aws/dynamo-client.ts"),
  ]);
  await createSecretsFile(join(directory, "secrets.json"), Date.now());
  const client = dynamoClient();
  await makeTables(client, tables, { ttl: false });
  return {
    client,
    call: callHandler,
    addTenant: await tenantMaker(),
    stop: () => {
      client.destroy();
      database.process.kill("SIGKILL");
      rmSync(directory, { recursive: true });
    },
  };
}

async function callHandler(module: string, route: string, request: BenchRequest): Promise<BenchAnswer> {
  const { handler } = (await import(`../../${module}.ts`)) as { readonly handler: Handler };
  const event = eventOf(route, request);
  const startedAt = performance.now();
  const { statusCode = 200, body = "" } = await handler(event, {});
  const tookMs = performance.now() - startedAt;
  return { status: statusCode, body: body === "" ? undefined : JSON.parse(body), tookMs };
}

function eventOf(route: string, request: BenchRequest): APIGatewayProxyEventV2 {
  const { method, path, token, body, ip, pathParameters } = request;
  const http = { method, path, protocol: "HTTP/1.1", sourceIp: ip ?? "192.0.2.1", userAgent: "bench/1.0" };
  return {
    version: "2.0",
    routeKey: route,
    rawPath: path,
    rawQueryString: "",
    headers: {
      "user-agent": "bench/1.0",
      "content-type": request.contentType ?? "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    requestContext: {
      accountId: "000000000000",
      apiId: "bench",
      domainName: "localhost",
      domainPrefix: "localhost",
      http,
      requestId: "bench",
      routeKey: route,
      stage: "$default",
      time: "",
      timeEpoch: 0,
    },
    isBase64Encoded: false,
    ...(pathParameters === undefined ? {} : { pathParameters }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

async function tenantMaker(): Promise<BenchProduct["addTenant"]> {
  const [{ accountTable }, { passwordHasher }, { factorSeals }, { newId }] = await Promise.all([
    import("../../lib/aws/account-table.ts"),
    import("../../lib/aws/password-hasher.ts"),
    import("../../lib/aws/sign-in-ports.ts"),
    import("../../lib/aws/ids.ts"),
  ]);
  const store: AccountStore = accountTable();
  const passwordHash = await passwordHasher().hash(PASSWORD);
  return async (policy = {}, { totp = false } = {}) => {
    const [tenantId, userId, nowMs] = [newId("ten"), newId("usr"), Date.now()];
    const email = `${userId.slice(4)}@example.com`;
    const tenant: Tenant = {
      tenantId,
      name: "Measured",
      status: "active",
      policy: { ...DEFAULT_POLICY, ...policy },
      rolesVersion: 0,
      version: 1,
      createdAtMs: nowMs,
    };
    const user = {
      ...{ tenantId, userId, email, name: "Ada", roles: ["owner"], disabled: false, version: 1 },
      status: "active",
      factorTypes: totp ? (["totp"] as const) : [],
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    } as const;
    const context = `${tenantId}#${userId}`;
    const sealedSecret = await factorSeals.seal("factor-secret", TOTP_SECRET, { context });
    const factor = {
      factorId: newId("fac"),
      label: "App",
      createdAtMs: nowMs,
      verifiedAtMs: nowMs,
      sealedSecret,
    };
    const factors = totp ? [{ ...factor, type: "totp" } as const] : [];
    await store.addTenant(tenant, {
      user,
      passwordHash,
      factors,
    });
    return email;
  };
}
