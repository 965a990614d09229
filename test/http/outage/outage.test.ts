// Guarantees while the database is away, ended or without an answer: whatever needs it is answered 503 with Retry-After in
// seconds, its consumers name what they could not do, and once it is back everything that was answered is there, once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { freePort } from "../../../scripts/local/ports.ts";
import { type Database, startDatabase } from "../../../scripts/soak/database.ts";
import type { Answer } from "../../support/answer-check.ts";
import { type RequestOptions, type SignedIn, startApp, type TestApp } from "../../support/app.ts";
import { localClient } from "../../support/dynamodb-local.ts";

const directory = mkdtempSync(join(tmpdir(), "outage-"));
let database: Database;
let app: TestApp;
let me: SignedIn;
let pending: object;

beforeAll(async () => {
  database = await startDatabase({ port: await freePort(), directory });
  const env = { DYNAMODB_ENDPOINT: database.endpoint, DYNAMODB_ANSWER_WITHIN_MS: "4000" };
  Object.assign(process.env, env);
  app = await startApp({ env: { ...env, POWERTOOLS_LOG_LEVEL: "SILENT" } });
  const { owner } = await app.tenant();
  me = await app.signIn(owner);
  app.clock.advance(30_000);
});
afterAll(async () => {
  app.stop();
  await database.end();
  rmSync(directory, { recursive: true });
});

const GROUP = {
  type: "instance_group",
  name: "web",
  spec: { template: { vcpus: 1, memoryGiB: 1, image: "debian-12" }, desired: 1, min: 1, max: 3 },
};
const STATE = "/v1/sessions/current/state/page";

/** One call of each kind: what it is, and how it is made. */
type Calls = Readonly<Record<string, () => Promise<Answer>>>;

function usage(id: string, subject: string): RequestOptions {
  const event = { specversion: "1.0", id, source: "/agent", type: "usage.network", subject };
  const time = new Date(app.clock.now()).toISOString();
  return {
    body: { ...event, time, data: { value: "1", sessionId: me.sessionId } },
    headers: { "content-type": "application/cloudevents+json" },
  };
}

function callsOf(resourceId: string): Calls {
  const { email, password } = me.user;
  return {
    "sign-in": () => app.request("POST", "/v1/auth/login", { body: { email, password } }),
    "password reset": () => app.request("POST", "/v1/auth/password-reset", { body: { email } }),
    refresh: () => app.request("POST", "/v1/auth/refresh", { body: { refreshToken: me.refreshToken } }),
    "step-up": () => me.request("POST", "/v1/auth/step-up", { body: { code: "000000" } }),
    read: () => me.request("GET", "/v1/me"),
    log: () => me.request("GET", "/v1/activity"),
    write: () => me.request("PUT", STATE, { body: 2 }),
    creation: () =>
      me.request("POST", "/v1/resources", { body: GROUP, headers: { "idempotency-key": "second" } }),
    ingest: () => me.request("POST", "/v1/usage", usage("second", resourceId)),
    "log-out": () => me.request("POST", "/v1/auth/logout"),
  };
}

/** A change as the stream would bring it, of the one resource that waits for its provider. */
async function waitingResource(): Promise<object> {
  const client = localClient();
  const { Items = [] } = await client.send(new ScanCommand({ TableName: process.env["SESSIONS_TABLE"] }));
  client.destroy();
  const NewImage = Items.find((row) => row["pendingKind"]?.S === "create");
  return { eventID: "e-1", eventName: "INSERT", dynamodb: { SequenceNumber: "42", NewImage } };
}

async function expectAway(calls: Calls): Promise<void> {
  const startedMs = performance.now();
  const answers = await Promise.all(
    Object.entries(calls).map(async ([kind, call]) => [kind, await call()] as const),
  );
  for (const [kind, { status, headers, body }] of answers) {
    const told = [status, body.code, headers["retry-after"], headers["content-type"]];
    expect([kind, ...told]).toEqual([kind, 503, "unavailable", "1", "application/problem+json"]);
    expect(body.requestId).toBe(headers["x-request-id"]);
  }
  const body = "grant_type=client_credentials&client_id=key_01arz3ndektsv4rrffq69g5fav&client_secret=ask_x";
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const token = await app.request("POST", "/oauth/token", { body, headers });
  expect([token.status, token.headers["retry-after"]]).toEqual([503, "1"]);
  expect((await app.request("GET", "/health")).status).toBe(200);
  // Nobody waits once more for the record of a failure, nor until the gateway gives up at 30 s.
  expect(performance.now() - startedMs).toBeLessThan(15_000);
}

test("what is answered before and after an outage is there, and nothing is answered meanwhile", async () => {
  expect((await me.request("PUT", STATE, { body: 1 })).status).toBe(200);
  const first = await me.request("POST", "/v1/resources", { body: GROUP });
  const { id } = first.body;
  expect((await me.request("POST", "/v1/usage", usage("first", id))).body.accepted).toBe(1);
  pending = await waitingResource();
  const calls = callsOf(id);

  await database.kill();
  await expectAway(calls);
  await expect(app.invoke("provisionResources", { Records: [pending] })).resolves.toEqual({
    batchItemFailures: [{ itemIdentifier: "42" }],
  });
  await expect(app.invoke("sweepExpiredSessions", {})).rejects.toThrow();
  await database.restart();
  await new Promise((resolve) => setTimeout(resolve, 1000));

  expect((await me.request("GET", STATE)).body).toBe(1);
  const { "log-out": _last, "step-up": _wrong, ...again } = calls;
  for (const call of Object.values(again)) expect((await call()).status).toBeLessThan(300);
  // Repeated by a sender that is not sure.
  const repeated = [await again["creation"]?.(), await again["ingest"]?.()];
  expect(repeated[0]?.headers["idempotent-replayed"]).toBe("true");
  expect(repeated[1]?.body).toMatchObject({ accepted: 0, duplicates: 1 });

  await app.deliverStreams();
  app.clock.advance(1000);
  await app.invoke("reconcileResources", {});
  expect((await me.request("GET", STATE)).body).toBe(2);
  const { items } = (await me.request("GET", "/v1/resources")).body;
  expect(items).toMatchObject([{ state: "running" }, { state: "running" }]);
  const lines = (await me.request("GET", "/v1/usage?groupBy=meter")).body.items;
  expect(lines.find(({ key }: { key: string }) => key === "network").quantity).toBe("2.000000000");
  const records = await app.records(me.user.tenantId, first);
  expect(records.map(({ action }) => action)).toEqual(["instance_group:provision", "instance_group:create"]);
  await expect(app.invoke("sweepExpiredSessions", {})).resolves.toMatchObject({ outcome: "done" });
});

test("a database that takes connections and answers nothing is as one that is away", async () => {
  database.hang();
  try {
    await expectAway(callsOf("res_01arz3ndektsv4rrffq69g5fav"));
  } finally {
    database.resume();
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect((await me.request("GET", "/v1/me")).status).toBe(200);
  expect((await me.request("POST", "/v1/auth/logout")).status).toBe(204);
});
