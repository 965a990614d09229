// The second try of a message comes five seconds after the first, made by the function that made it; should that be
// killed meanwhile, or have no time to stay, the schedule makes it. Nobody makes it twice.
import { afterAll, afterEach, expect, jest, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { startApp } from "../../support/app.ts";
import { type Received, webhookReceiver } from "../../support/webhook-receiver.ts";

/** How long was waited, and what happens while a function waits. */
const waits: number[] = [];
let meanwhile = async () => {};
jest.unstable_mockModule("../../../lib/aws/clock.ts", () => ({
  systemNow: () => Date.now(),
  systemPause: async (ms: number) => {
    waits.push(ms);
    app.clock.advance(ms);
    await meanwhile();
  },
}));
const app = await startApp({ env: { WEBHOOKS_TO_LOCALHOST: "allow" } });
const receiver = await webhookReceiver();
afterAll(async () => {
  await receiver.stop();
  await app.stop();
});
afterEach(() => {
  waits.length = 0;
  meanwhile = async () => {};
});

const withTime = { getRemainingTimeInMillis: () => 360_000 };

/** A tenant with an endpoint of its own that is told of starts of sessions. */
async function tenantWithWebhook(path: string) {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  const body = { url: receiver.url.replace("/hook", path), eventTypes: ["session.started"] };
  const made = (await owner.request("POST", "/v1/webhooks", { body })).body;
  return {
    secret: made.secret as string,
    read: async () => (await owner.request("GET", `/v1/webhooks/${made.id}`)).body,
    deliveries: async () => (await owner.request("GET", `/v1/webhooks/${made.id}/deliveries`)).body.items,
    received: () => receiver.received.filter((message) => message.path === path),
    /** Somebody signs in, and the stream brings the record of it to a function. */
    tell: async (context = withTime) => {
      app.clock.advance(1000);
      await app.signIn(tenant.member);
      const [record] = (await app.records(tenant.id)).filter(({ action }) => action === "session:start");
      const NewImage = { record: { S: JSON.stringify(record) } };
      const event = { Records: [{ eventName: "INSERT", dynamodb: { NewImage } }] };
      return await app.invoke("deliverWebhooks", event, context);
    },
  };
}

/** Runs the schedule, also where it has run in this minute. */
async function schedule(context?: typeof withTime): Promise<void> {
  await app.invoke("deliverWebhooks", { again: true }, context);
}

async function passMinutes(minutes: number): Promise<void> {
  app.clock.advance(minutes * 60_000);
  await schedule();
}

test("a message that is refused is taken five seconds later", async () => {
  const { secret, read, deliveries, received, tell } = await tenantWithWebhook("/recovers");
  receiver.answerWith(503);
  meanwhile = async () => receiver.answerWith(200);
  await tell();
  const [waitedMs] = waits;
  expect(waitedMs).toBeGreaterThanOrEqual(5000);
  expect(waitedMs).toBeLessThanOrEqual(5500);
  const [first, second] = received() as [Received, Received];
  expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
  // Signed anew: a receiver takes no old timestamp.
  expect(second.headers["webhook-timestamp"]).toBe(String(Math.floor(app.clock.now() / 1000)));
  new Webhook(secret).verify(second.body, second.headers as Record<string, string>);
  expect(await deliveries()).toMatchObject([
    { status: "delivered", attempts: [{ status: 503 }, { status: 200 }] },
  ]);
  expect(await read()).not.toHaveProperty("failingSince");
  await passMinutes(10);
  expect(received()).toHaveLength(2);
});

test("who fails twice holds nobody up after that: the next message is left to the schedule", async () => {
  const { received, tell } = await tenantWithWebhook("/fails");
  receiver.answerWith(503);
  await tell();
  await tell();
  expect([waits.length, received().length]).toEqual([1, 2]);
  // There is time for its second try in the run that makes its first.
  await schedule(withTime);
  expect([waits.length, received().length]).toEqual([2, 4]);
});

test("a function that is killed while it waits leaves the try to the schedule, and none is made twice", async () => {
  const { received, tell } = await tenantWithWebhook("/killed");
  const waiting = Promise.withResolvers<void>();
  const frozen = Promise.withResolvers<void>();
  meanwhile = async () => {
    waiting.resolve();
    await frozen.promise;
  };
  receiver.answerWith(503);
  const killed = tell();
  await waiting.promise;
  receiver.answerWith(200);
  await passMinutes(1);
  expect(received()).toHaveLength(2);
  // Should it wake after all, it finds that another has been there.
  frozen.resolve();
  await killed;
  await passMinutes(10);
  expect(received()).toHaveLength(2);
});

test("a function and the schedule at the same moment make one try", async () => {
  const { deliveries, received, tell } = await tenantWithWebhook("/at-once");
  let run: Promise<void> | undefined;
  meanwhile = async () => {
    run = schedule();
  };
  receiver.answerWith(503);
  await tell();
  await run;
  expect(received()).toHaveLength(2);
  expect(await deliveries()).toMatchObject([
    { status: "pending", attempts: [{ status: 503 }, { status: 503 }] },
  ]);
});

test("nobody waits who has too little time, or is asked to come later", async () => {
  const hurried = await tenantWithWebhook("/hurried");
  receiver.answerWith(503);
  await hurried.tell({ getRemainingTimeInMillis: () => 20_000 });
  const busy = await tenantWithWebhook("/busy");
  receiver.answerWith({ status: 429, headers: { "retry-after": "120" } });
  await busy.tell();
  expect(waits).toEqual([]);
  receiver.answerWith(200);
  await passMinutes(1);
  expect([hurried.received().length, busy.received().length]).toEqual([2, 1]);
  await passMinutes(2);
  expect([hurried.received().length, busy.received().length]).toEqual([2, 2]);
});
