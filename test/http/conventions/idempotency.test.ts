import * as z from "zod";
import type { EndpointSpec } from "../../../lib/http/endpoint-spec.ts";
import { startApp } from "../../support/app.ts";
import { injectFaults } from "../../support/faults.ts";

const app = await startApp({ env: { POWERTOOLS_LOG_LEVEL: "SILENT" } });
afterAll(() => app.stop());

const spec = {
  method: "POST",
  route: "/v1/probes",
  summary: "Makes a probe",
  tag: "Test",
  permission: "authenticated",
  action: "probe:create",
  body: z.strictObject({ name: z.string(), size: z.int().default(0) }),
  response: z.object({ id: z.string(), name: z.string(), text: z.string() }),
  successStatus: 201,
  etag: true,
} as const satisfies EndpointSpec;

const { dynamoClient } = await import("../../../lib/aws/dynamo-client.ts");
const { AppError } = await import("../../../lib/errors.ts");
const { json } = await import("../../../lib/http/reply.ts");

/** The ids that were made, in order; a test may put something between making one and answering. */
const made: string[] = [];
let beforeAnswer: () => Promise<void> = async () => undefined;

app.mount(spec, async ({ body, newId }) => {
  const id = newId("res");
  made.push(id);
  await beforeAnswer();
  return json({ id, name: body.name, text: '"'.repeat(body.size / 2) }, { status: 201, version: 1 });
});

const tenant = await app.tenant();
const member = await app.signIn(tenant.member);
const reader = await app.signIn(tenant.reader);

const create = (key: string, body: object = { name: "a" }, who = member) =>
  who.request("POST", "/v1/probes", { body, headers: { "Idempotency-Key": key } });

afterEach(() => {
  made.length = 0;
  beforeAnswer = async () => undefined;
});

test("I11 the same request again gets the first answer again, to the letter, and is done once", async () => {
  const first = await create("k1");
  const again = await create("k1");
  expect(again.status).toBe(201);
  expect(again.text).toBe(first.text);
  expect(again.headers).toMatchObject({ etag: '"1"', "idempotent-replayed": "true" });
  expect(first.headers).not.toHaveProperty("idempotent-replayed");
  expect(made).toHaveLength(1);
});

test("a claim whose answer from the database was lost is still its request's own", async () => {
  let isLost = false;
  const heal = injectFaults(dynamoClient(), () => {
    isLost = !isLost;
    return isLost ? "lost_answer" : "none";
  });
  try {
    expect((await create("k-lost")).status).toBe(201);
  } finally {
    heal();
  }
  expect((await create("k-lost")).headers).toMatchObject({ "idempotent-replayed": "true" });
  expect(made).toHaveLength(1);
});

test("without a key every request is done", async () => {
  await member.request("POST", "/v1/probes", { body: { name: "a" } });
  await member.request("POST", "/v1/probes", { body: { name: "a" } });
  expect(made).toHaveLength(2);
});

test("I11 the same key with another body is refused and changes nothing", async () => {
  await create("k2");
  const answer = await create("k2", { name: "b" });
  expect(answer.status).toBe(422);
  expect(answer.body.code).toBe("idempotency.mismatch");
  expect((await create("k2")).body.name).toBe("a");
  expect(made).toHaveLength(1);
});

test("the same key on another path is refused", async () => {
  await create("k3");
  const answer = await member.request("POST", "/v1/auth/logout", { headers: { "Idempotency-Key": "k3" } });
  expect(answer.body.code).toBe("idempotency.mismatch");
});

test("I11 while the first still runs, the second is told so and does nothing", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  beforeAnswer = () => promise;
  const first = create("k4");
  while (made.length === 0) await new Promise(setImmediate);
  const second = await create("k4");
  expect(second.status).toBe(409);
  expect(second.body.code).toBe("idempotency.in_progress");
  expect(second.headers["retry-after"]).toBe("1");
  resolve();
  expect((await create("k4")).text).toBe((await first).text);
  expect(made).toHaveLength(1);
});

test("I11 of twenty at once one is done", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => create("k5")));
  expect(made).toHaveLength(1);
  const [done, ...others] = new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text));
  expect(done).toBeDefined();
  expect(others).toEqual([]);
  expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
});

test("I11 a key is its user's own", async () => {
  const mine = await create("k6");
  const theirs = await create("k6", { name: "other" }, reader);
  expect(theirs.status).toBe(201);
  expect(theirs.body.id).not.toBe(mine.body.id);
});

test("I11 a key is its tenant's own", async () => {
  const stranger = await app.signIn((await app.tenant()).member);
  await create("k7");
  expect((await create("k7", { name: "other" }, stranger)).status).toBe(201);
  expect(made).toHaveLength(2);
});

test("a run that was killed is taken over once it cannot be running any more, and makes the same id", async () => {
  beforeAnswer = () => new Promise(() => undefined);
  void create("k8");
  while (made.length === 0) await new Promise(setImmediate);
  expect((await create("k8")).status).toBe(409);
  app.clock.advance(30_000);
  beforeAnswer = async () => undefined;
  const answer = await create("k8");
  expect(answer.status).toBe(201);
  expect(made).toEqual([answer.body.id, answer.body.id]);
});

test("after a failure of ours the next one takes over at once, and makes the same id", async () => {
  beforeAnswer = async () => {
    throw new Error("a defect");
  };
  expect((await create("k9")).status).toBe(500);
  beforeAnswer = async () => undefined;
  const answer = await create("k9");
  expect(answer.status).toBe(201);
  expect(made).toEqual([answer.body.id, answer.body.id]);
});

test("after a refusal the key is free again", async () => {
  beforeAnswer = async () => {
    throw new AppError("conflict", "Not now.");
  };
  expect((await create("k10")).status).toBe(409);
  beforeAnswer = async () => undefined;
  expect((await create("k10", { name: "mended" })).body.name).toBe("mended");
});

test("a request that is not understood claims nothing", async () => {
  expect((await create("k11", { nam: "a" })).status).toBe(400);
  expect((await create("k11")).status).toBe(201);
});

test("a long answer is given again too", async () => {
  const first = await create("k12", { name: "a", size: 69_000 });
  const again = await create("k12", { name: "a", size: 69_000 });
  expect(again.text === first.text).toBe(true);
  expect(again.headers["idempotent-replayed"]).toBe("true");
});

test("where an answer is too long to be kept, the repeated request makes the same thing", async () => {
  const first = await create("k13", { name: "a", size: 70_000 });
  const again = await create("k13", { name: "a", size: 70_000 });
  expect(again.text === first.text).toBe(true);
});

test("a key is kept for 24 hours", async () => {
  const first = await create("k14");
  const login = async () => await app.signIn(tenant.member);
  app.clock.advance(24 * 3_600_000 - 1);
  expect((await create("k14", { name: "a" }, await login())).body.id).toBe(first.body.id);
  app.clock.advance(1);
  expect((await create("k14", { name: "a" }, await login())).body.id).not.toBe(first.body.id);
});

test.each([
  ["empty", ""],
  ["256 characters", "k".repeat(256)],
  ["not ASCII", "kéy"],
  ["a control character", "a\tb"],
])("a key that is %s is refused", async (_what, key) => {
  const someone = await app.signIn(tenant.member);
  const answer = await create(key, { name: "a" }, someone);
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([
    { pointer: "/headers/idempotency-key", message: "must be 1 to 255 printable ASCII characters" },
  ]);
});

test("a repeated request is on record as what it was", async () => {
  const someone = await app.signIn(tenant.member);
  await create("k15", { name: "a" }, someone);
  const again = await create("k15", { name: "a" }, someone);
  expect(await app.records(tenant.id, again)).toMatchObject([
    { action: "probe:create", outcome: "success", attributes: { replayed: true } },
  ]);
});
