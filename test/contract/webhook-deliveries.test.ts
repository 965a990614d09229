// Deliveries in DynamoDB, and what takes them on: of many at once one has each step, and what a killed function had
// taken on is taken up by the schedule.
import { randomUUID } from "node:crypto";
import type { Delivery } from "../../lib/webhook/delivery.ts";
import { newDelivery } from "../../lib/webhook/delivery.ts";
import { retryDeliveries } from "../../lib/webhook/retry-deliveries.ts";
import type { Webhook } from "../../lib/webhook/webhook.ts";
import { createTables, localClient } from "../support/dynamodb-local.ts";

const { derived } = await createTables(`t-${randomUUID()}`);
process.env["DERIVED_TABLE"] = derived;
const { webhookDeliveryTable } = await import("../../lib/aws/webhook-delivery-table.ts");
const client = localClient();
afterAll(() => client.destroy());
const deliveries = webhookDeliveryTable(client);

const MADE_MS = Date.parse("2026-03-02T09:00:00.000Z");

function message(deliveryId: string, webhookId = "whk_1"): Delivery {
  return newDelivery(
    {
      ...{ tenantId: "ten_1", webhookId, deliveryId, type: "session.ended" },
      ...{ format: "webhook", body: "{}", createdAtMs: MADE_MS },
    },
    "at_once",
  );
}

async function put(delivery: Delivery): Promise<Delivery> {
  expect(await deliveries.save(undefined, delivery)).toBe("done");
  return delivery;
}

const webhook: Webhook = {
  ...{ tenantId: "ten_1", webhookId: "whk_1", url: "https://example.com/", format: "webhook" },
  ...{ eventTypes: [], description: "", createdAtMs: 0, sealedSecret: "sealed", version: 1 },
};

/** One run of the schedule at a time, with a receiver that answers so. */
async function runAt(nowMs: number, status: number): Promise<readonly string[]> {
  const sent: string[] = [];
  await retryDeliveries({
    deliveries,
    webhooks: {
      get: async () => webhook,
      replace: async () => "done",
      noteFailure: async (_key, atMs) => atMs,
      noteSuccess: async () => undefined,
    },
    sender: {
      post: async ({ headers }) => {
        sent.push(headers["webhook-id"] ?? "");
        return { status };
      },
    },
    secrets: { open: async (sealed) => sealed },
    hmac: () => "signature",
    signToken: async (claims) => claims,
    systemTrails: { begin: () => Promise.reject(new Error("Nothing is disabled here.")) },
    wait: () => Promise.reject(new Error("There is no time for it.")),
    remainingMs: () => 0,
    now: () => nowMs,
    random: () => 0,
    onError: (_id, cause) => {
      throw cause;
    },
  });
  return sent;
}

test("a message is put down once, and each of its steps is one function's", async () => {
  const first = message("msg_a", "whk_steps");
  const made = await Promise.all(Array.from({ length: 5 }, () => deliveries.save(undefined, first)));
  expect(made.filter((outcome) => outcome === "done")).toHaveLength(1);
  const next: Delivery = { ...first, dueAtMs: MADE_MS + 90_000, version: 2 };
  const moved = await Promise.all(Array.from({ length: 5 }, () => deliveries.save(first, next)));
  expect(moved.filter((outcome) => outcome === "done")).toHaveLength(1);
  expect(await deliveries.get(first)).toEqual(next);
  expect((await deliveries.due(MADE_MS + 89_999, 100)).map(({ webhookId }) => webhookId)).toEqual([]);
  const due = await deliveries.due(MADE_MS + 90_000, 100);
  expect(due).toEqual([
    { tenantId: "ten_1", webhookId: "whk_steps", deliveryId: "msg_a", dueAtMs: MADE_MS + 90_000 },
  ]);
  for (const one of due) await deliveries.forget(one);
  expect(await deliveries.due(MADE_MS + 90_000, 100)).toEqual([]);
});

test("what a killed function had taken on is tried a minute later, by one of two runs at once", async () => {
  await put(message("msg_killed"));
  expect(await runAt(MADE_MS + 59_999, 200)).toEqual([]);
  const sent = await Promise.all([runAt(MADE_MS + 60_000, 500), runAt(MADE_MS + 60_000, 500)]);
  expect(sent.flat()).toEqual(["msg_killed"]);
  expect(await runAt(MADE_MS + 64_999, 200)).toEqual([]);
  expect(await runAt(MADE_MS + 65_000, 200)).toEqual(["msg_killed"]);
  expect(await runAt(MADE_MS + 10_000_000, 200)).toEqual([]);
  const done = await deliveries.get(message("msg_killed"));
  expect(done).toMatchObject({ status: "delivered", attempts: [{ status: 500 }, { status: 200 }] });
});

test("deliveries are listed newest first, in pages, and by their status", async () => {
  const ids = ["msg_1", "msg_2", "msg_3", "msg_4", "msg_5"];
  for (const id of ids) {
    const made = await put(message(id, "whk_list"));
    const { dueAtMs: _due, ...rest } = made;
    if (id < "msg_4") await deliveries.save(made, { ...rest, status: "dead", version: 2 });
  }
  const of = { tenantId: "ten_1", webhookId: "whk_list", limit: 2 };
  const listed = async (status: Delivery["status"] | undefined) => {
    const pages: string[][] = [];
    let afterId: string | undefined;
    do {
      const page = await deliveries.list({ ...of, status, afterId });
      pages.push(page.deliveries.map(({ deliveryId }) => deliveryId));
      afterId = page.nextAfterId;
    } while (afterId !== undefined);
    return pages.filter((page) => page.length > 0);
  };
  expect(await listed(undefined)).toEqual([["msg_5", "msg_4"], ["msg_3", "msg_2"], ["msg_1"]]);
  expect(await listed("dead")).toEqual([["msg_3", "msg_2"], ["msg_1"]]);
  expect(await listed("delivered")).toEqual([]);
});
