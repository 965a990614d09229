import { expect, test } from "@jest/globals";
import { webhookHmac } from "../../../lib/aws/webhook-secrets.ts";
import {
  type Attempt,
  afterAttempt,
  claimed,
  type Delivery,
  newDelivery,
  replayed,
} from "../../../lib/webhook/delivery.ts";
import { retryAfterMs } from "../../../lib/webhook/retry-after.ts";

const MADE_MS = Date.parse("2026-03-02T09:00:00.000Z");
const made = newDelivery(
  {
    ...{ tenantId: "ten_1", webhookId: "whk_1", deliveryId: "msg_1", type: "session.ended" },
    ...{ format: "webhook", body: "{}", createdAtMs: MADE_MS },
  },
  "at_once",
);
const failed = (atMs: number): Attempt => ({ atMs, durationMs: 0, status: 500 });

/** Fails until there is no next try; answers the delays in seconds. */
function delaysOf(delivery: Delivery, random: number): readonly [delays: number[], last: Delivery] {
  const delays: number[] = [];
  let tried = afterAttempt(delivery, failed(MADE_MS), random);
  let atMs = MADE_MS;
  while (tried.dueAtMs !== undefined) {
    delays.push((tried.dueAtMs - atMs) / 1000);
    atMs = tried.dueAtMs;
    tried = afterAttempt(tried, failed(atMs), random);
  }
  return [delays, tried];
}

test("the delays are those of Standard Webhooks, and grow by a tenth at most", () => {
  const published = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
  const [delays, last] = delaysOf(made, 0);
  expect(delays).toEqual(published);
  expect(last).toMatchObject({ status: "dead", tries: 10 });
  expect(delaysOf(made, 1)[0]).toEqual([5.5, 330, 1980, 7920, 19_800, 39_600, 55_440, 79_200, 95_040]);
});

test("an endpoint is left alone for as long as it asks, at most a day, and no shorter than published", () => {
  const dueAfter = (retryAfterMs: number, tries: number) => {
    const tried = afterAttempt({ ...made, tries }, { ...failed(MADE_MS), retryAfterMs }, 0);
    return ((tried.dueAtMs ?? 0) - MADE_MS) / 1000;
  };
  expect([0, 4999, 6000, 120_000].map((askedMs) => dueAfter(askedMs, 0))).toEqual([5, 5, 6, 120]);
  expect([120_000, 301_000].map((askedMs) => dueAfter(askedMs, 1))).toEqual([300, 301]);
  expect([86_400_000, 86_400_001, Number.MAX_SAFE_INTEGER].map((askedMs) => dueAfter(askedMs, 0))).toEqual([
    ...[86_400, 86_400, 86_400],
  ]);
  // What failed together does not come back together then either.
  const spread = afterAttempt(made, { ...failed(MADE_MS), retryAfterMs: 100_000 }, 1);
  expect(spread.dueAtMs).toBe(MADE_MS + 110_000);
  const last = afterAttempt({ ...made, tries: 9 }, { ...failed(MADE_MS), retryAfterMs: 1000 }, 0);
  expect(last.status).toBe("dead");
});

test.each([
  ["120", 120_000],
  ["0", 0],
  ["9".repeat(400), Number.MAX_SAFE_INTEGER],
  ["Mon, 02 Mar 2026 09:01:00 GMT", 60_000],
  ["Monday, 02-Mar-26 09:01:00 GMT", 60_000],
  ["Mon Mar  2 09:01:00 2026", 60_000],
  ["Mon, 02 Mar 2026 09:00:00 GMT", 0],
  ["Mon, 02 Mar 2026 08:59:59 GMT", undefined],
  ["Tue, 31 Feb 2026 09:01:00 GMT", undefined],
  ["Mon, 02 Foo 2026 09:01:00 GMT", undefined],
  ["2026-03-02T09:01:00Z", undefined],
  ["-5", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["", undefined],
  [undefined, undefined],
])("Retry-After: %s asks for %s ms", (value, expected) => {
  expect(retryAfterMs(value, MADE_MS)).toBe(expected);
});

test("any 2xx is success, and nothing else is", () => {
  const statuses = [199, 200, 204, 299, 301, 307, 400, 410, 500];
  const accepted = statuses.filter(
    (status) => afterAttempt(made, { ...failed(MADE_MS), status }, 0).status === "delivered",
  );
  expect(accepted).toEqual([200, 204, 299]);
  expect(afterAttempt(made, { atMs: MADE_MS, durationMs: 9, error: "timeout" }, 0).status).toBe("pending");
});

test("who takes a delivery on has a minute for it, and a replay begins the schedule anew", () => {
  expect(made.dueAtMs).toBe(MADE_MS + 60_000);
  expect(claimed(made, MADE_MS + 1000)).toMatchObject({ dueAtMs: MADE_MS + 61_000, version: 2 });
  const [, dead] = delaysOf(made, 0);
  const again = replayed(dead, MADE_MS);
  expect(again).toMatchObject({ status: "pending", tries: 0, deliveryId: "msg_1" });
  expect(delaysOf(again, 0)[0]).toHaveLength(9);
  expect(delaysOf(again, 0)[1].attempts).toHaveLength(20);
});

test("a trial is tried once", () => {
  expect(afterAttempt({ ...made, type: "webhook.test" }, failed(MADE_MS), 0).status).toBe("dead");
});

test("the signature is the one of the specification's own example", () => {
  // github.com/standard-webhooks/standard-webhooks, libraries/javascript: its test "sign function works".
  const signature = webhookHmac("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestampSeconds: 1_614_265_330,
    body: '{"test": 2432232314}',
  });
  expect(signature).toBe("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});
