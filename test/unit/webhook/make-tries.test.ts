// Who makes the first try of a message stays for the second: how long, beside whom, and when it is left to the schedule.
import { setImmediate } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { attemptDelivery } from "../../../lib/webhook/attempt-delivery.ts";
import { type Delivery, newDelivery } from "../../../lib/webhook/delivery.ts";
import { type MakeTriesDeps, makeTries } from "../../../lib/webhook/make-tries.ts";
import { retryDelivery } from "../../../lib/webhook/retry-delivery.ts";
import type { Webhook } from "../../../lib/webhook/webhook.ts";

const MADE_MS = Date.parse("2026-03-02T09:00:00.000Z");
const healthy: Webhook = {
  ...{ tenantId: "ten_1", webhookId: "whk_1", url: "https://example.com/", format: "webhook" },
  ...{ eventTypes: [], description: "", createdAtMs: 0, sealedSecret: "sealed", version: 1 },
};

interface Post {
  readonly id: string;
  readonly atMs: number;
}
type Answer = Awaited<ReturnType<MakeTriesDeps["sender"]["post"]>>;

/** Deliveries in memory, a receiver that answers so, and a clock that stands still until whoever waits is woken. */
function world({ answer = () => ({ status: 503 }) }: { answer?: (post: Post) => Answer } = {}) {
  const rows = new Map<string, Delivery>();
  const sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];
  const it = {
    nowMs: MADE_MS,
    endsAtMs: MADE_MS + 360_000,
    webhook: healthy as Webhook | undefined,
    posts: [] as Post[],
    errors: [] as string[],
    underWay: { now: 0, most: 0 },
    rows,
    sleepers,
  };
  const deps: MakeTriesDeps = {
    deliveries: {
      save: async (before, after) => {
        if (rows.get(after.deliveryId)?.version !== before?.version) return "moved";
        rows.set(after.deliveryId, after);
        return "done";
      },
      get: async ({ deliveryId }) => rows.get(deliveryId),
      forget: async () => undefined,
    },
    webhooks: {
      get: async () => it.webhook,
      replace: async () => "done",
      noteFailure: async (_key, atMs) => atMs,
      noteSuccess: async () => undefined,
    },
    sender: {
      post: async ({ headers }) => {
        const post = { id: headers["webhook-id"] ?? "", atMs: it.nowMs };
        it.posts.push(post);
        it.underWay.most = Math.max(it.underWay.most, ++it.underWay.now);
        await Promise.resolve();
        it.underWay.now -= 1;
        return answer(post);
      },
    },
    secrets: { open: async (sealed) => sealed },
    hmac: () => "signature",
    signToken: async (claims) => claims,
    systemTrails: { begin: () => Promise.reject(new Error("Nothing is disabled here.")) },
    wait: (ms) => new Promise((wake) => sleepers.push({ untilMs: it.nowMs + ms, wake })),
    remainingMs: () => it.endsAtMs - it.nowMs,
    now: () => it.nowMs,
    random: () => 0,
    onError: (deliveryId) => it.errors.push(deliveryId),
  };
  const begin = (ids: readonly string[], changes: Partial<Delivery> = {}) =>
    makeTries(
      deps,
      ids.map((deliveryId) => {
        const delivery = { ...message(deliveryId), ...changes };
        rows.set(deliveryId, delivery);
        return { deliveryId, make: () => attemptDelivery(deps, healthy, delivery) };
      }),
    );
  const wakeAll = () => {
    for (const { untilMs, wake } of sleepers.splice(0)) {
      it.nowMs = Math.max(it.nowMs, untilMs);
      wake();
    }
  };
  return Object.assign(it, { deps, begin, wakeAll });
}

function message(deliveryId: string): Delivery {
  return newDelivery(
    {
      ...{ tenantId: "ten_1", webhookId: "whk_1", deliveryId, type: "session.ended" },
      ...{ format: "webhook", body: "{}", createdAtMs: MADE_MS },
    },
    "at_once",
  );
}

test("the second try is made five seconds after the first, and the third is the schedule's", async () => {
  const at = world();
  const made = at.begin(["msg_1"]);
  await setImmediate();
  expect(at.sleepers.map(({ untilMs }) => untilMs)).toEqual([MADE_MS + 5000]);
  at.wakeAll();
  await made;
  expect(at.posts.map(({ atMs }) => atMs - MADE_MS)).toEqual([0, 5000]);
  expect(at.rows.get("msg_1")).toMatchObject({ status: "pending", tries: 2, dueAtMs: MADE_MS + 305_000 });
});

test("all wait side by side, and of all tries 50 are under way at once", async () => {
  const at = world();
  const ids = Array.from({ length: 120 }, (_, place) => `msg_${place}`);
  const made = at.begin(ids);
  await setImmediate();
  expect(at.sleepers).toHaveLength(120);
  at.wakeAll();
  await made;
  expect(at.nowMs).toBe(MADE_MS + 5000);
  expect(at.posts).toHaveLength(240);
  expect(at.underWay).toEqual({ now: 0, most: 50 });
  expect([...at.rows.values()].every(({ tries }) => tries === 2)).toBe(true);
});

test.each<[what: string, answer: Answer, changes: Partial<Delivery>, remainingMs: number, stays: boolean]>([
  ["was refused, with time enough", { status: 503 }, {}, 25_000, true],
  ["came to no answer", { error: "timeout" }, {}, 360_000, true],
  ["is asked for again in five seconds", { status: 429, retryAfterMs: 5000 }, {}, 360_000, true],
  ["is asked for later than that", { status: 429, retryAfterMs: 6000 }, {}, 360_000, false],
  ["was refused, with too little time left", { status: 503 }, {}, 24_999, false],
  ["was taken", { status: 204 }, {}, 360_000, false],
  ["goes to an endpoint that is gone", { status: 410 }, {}, 360_000, false],
  ["is a trial", { status: 503 }, { type: "webhook.test" }, 360_000, false],
  ["was tried before", { status: 503 }, { tries: 1 }, 360_000, false],
])("whether somebody stays for a message that %s", async (_what, answer, changes, remainingMs, stays) => {
  const at = world({ answer: () => answer });
  // What is gone is disabled by whoever else; here it is looked at alone.
  at.webhook = undefined;
  at.endsAtMs = MADE_MS + remainingMs;
  const made = at.begin(["msg_1"], changes);
  await setImmediate();
  expect(at.sleepers).toHaveLength(stays ? 1 : 0);
  at.wakeAll();
  await made;
});

test("of whoever stays and a schedule that comes by at once, one makes the try", async () => {
  const at = world();
  const made = at.begin(["msg_1"]);
  await setImmediate();
  const due = at.rows.get("msg_1");
  at.wakeAll();
  await Promise.all([made, retryDelivery(at.deps, { ...message("msg_1"), dueAtMs: due?.dueAtMs ?? 0 })]);
  expect(at.posts).toHaveLength(2);
  expect(at.rows.get("msg_1")).toMatchObject({ tries: 2 });
});

test("what another has taken on meanwhile is left to it, at whichever step", async () => {
  const at = world();
  const made = at.begin(["msg_1"]);
  await setImmediate();
  const mine = at.rows.get("msg_1") ?? message("msg_1");
  // As many steps as this function has made: the version alone would not tell the two apart.
  at.rows.set("msg_1", { ...mine, dueAtMs: MADE_MS + 60_000 });
  at.wakeAll();
  await made;
  expect(at.posts).toHaveLength(1);
});

test("an endpoint that is disabled meanwhile is sent nothing", async () => {
  const at = world();
  const made = at.begin(["msg_1"]);
  await setImmediate();
  at.webhook = { ...healthy, disabled: "by_user" };
  at.wakeAll();
  await made;
  expect(at.posts).toHaveLength(1);
  expect(at.rows.get("msg_1")).toMatchObject({ status: "dead" });
});

test("a turn that comes when time is up is left to the schedule, and one that fails stops no other", async () => {
  const late = world();
  const made = late.begin(["msg_1"]);
  await setImmediate();
  late.endsAtMs = MADE_MS + 5000;
  late.wakeAll();
  await made;
  expect([late.posts.length, late.rows.get("msg_1")?.dueAtMs]).toEqual([1, MADE_MS + 5000]);

  const broken = world({
    answer: ({ id, atMs }) => {
      if (id === "msg_1" && atMs > MADE_MS) throw new Error("The database is away.");
      return { status: 503 };
    },
  });
  const both = broken.begin(["msg_1", "msg_2"]);
  await setImmediate();
  broken.wakeAll();
  await both;
  expect(broken.errors).toEqual(["msg_1"]);
  expect(broken.rows.get("msg_2")).toMatchObject({ tries: 2 });
});
