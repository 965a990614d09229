import { describe, expect, test } from "@jest/globals";
import { hostNetwork } from "../../../lib/access/cidr.ts";
import {
  attemptWaits,
  type FailedAttempts,
  failuresFrom,
  failuresToSpare,
  forgotten,
} from "../../../lib/session/failed-attempts.ts";

const NOW_MS = 10_000_000;
const WINDOW_MS = 900_000;

/** Failures so many milliseconds ago, each from `source`. */
function failed(...ago: readonly (readonly [agoMs: number, source: string])[]): FailedAttempts {
  return {
    total: ago.length,
    kept: ago.map(([agoMs, source], index) => ({ id: `req_${index}`, source, atMs: NOW_MS - agoMs })),
  };
}

const many = (count: number, source: string) =>
  failed(...Array.from({ length: count }, (_, index) => [index * 1000, source] as const));

describe("how long the next attempt waits", () => {
  test.each([
    ["without a failure", failed(), 0, 0],
    ["after four from there", many(4, "a"), 0, 0],
    ["after five from there, until the fifth last is forgotten", many(5, "a"), WINDOW_MS - 4000, 0],
    ["after five from elsewhere", many(5, "b"), 0, 0],
    ["after nineteen from elsewhere", many(19, "b"), 0, 0],
    ["after twenty from elsewhere", many(20, "b"), 0, WINDOW_MS - 19_000],
    [
      "after five of which one is forgotten",
      failed([WINDOW_MS, "a"], [3, "a"], [2, "a"], [1, "a"], [0, "a"]),
      0,
      0,
    ],
    [
      "after five of which one is just not",
      failed([WINDOW_MS - 1, "a"], [3, "a"], [2, "a"], [1, "a"], [0, "a"]),
      1,
      0,
    ],
  ])("%s", (_name, attempts, fromSourceMs, ofAccountMs) => {
    expect(attemptWaits(attempts, "a", NOW_MS)).toEqual({ fromSourceMs, ofAccountMs });
  });
});

test("failures in whatever order they are kept count by their time", () => {
  const attempts = failed([1, "a"], [5, "a"], [3, "a"], [2, "b"], [WINDOW_MS, "a"]);
  expect(failuresFrom(attempts, "a", NOW_MS).map(({ id }) => id)).toEqual(["req_1", "req_2", "req_0"]);
  expect(forgotten(attempts, NOW_MS).map(({ id }) => id)).toEqual(["req_4"]);
});

test.each([
  ["without a failure", failed(), false, 4],
  ["after three from there", many(3, "a"), false, 1],
  ["after eighteen from elsewhere", many(18, "b"), false, 1],
  ["after eighteen from elsewhere, on a known device", many(18, "b"), true, 4],
])("a success still counts %s with so many more", (_name, attempts, isKnownDevice, spare) => {
  expect(failuresToSpare(attempts, { source: "a", isKnownDevice, nowMs: NOW_MS })).toBe(spare);
});

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2::1", "20010db800010002"],
  ["2001:0db8:0001:0002:ffff::", "20010db800010002"],
  ["2001:db8:1:3::1", "20010db800010003"],
  ["no address", "no address"],
])("%s is of the network %s", (ip, network) => {
  expect(hostNetwork(ip)).toBe(network);
});
