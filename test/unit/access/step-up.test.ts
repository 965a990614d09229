import { isSensitive, stepUpFor } from "../../../lib/access/step-up.ts";
import { DEFAULT_POLICY } from "../../../lib/session/policy.ts";

const NOW = 1_795_000_000_000;

test.each([
  ["volume:delete", true],
  ["user:delete", true],
  ["role:create", true],
  ["role:update", true],
  ["user:create", true],
  ["user:update", true],
  ["apikey:create", true],
  ["tenant:update", true],
  ["ratecard:update", true],
  ["support:grant", true],
  ["session:revoke", true],
  ["volume:create", false],
  ["volume:deleted", false],
  ["role:list", false],
  ["session:list", false],
])("by default %s is sensitive: %s", (action, expected) => {
  expect(isSensitive(DEFAULT_POLICY.sensitiveActions, action)).toBe(expected);
});

test("patterns match whole names, and letter case makes no difference", () => {
  expect(isSensitive(["volume:*"], "volume:create")).toBe(true);
  expect(isSensitive(["Volume:Create"], "volume:create")).toBe(true);
  expect(isSensitive(["volume"], "volume:create")).toBe(false);
  expect(isSensitive([], "volume:delete")).toBe(false);
});

test.each([
  ["verified just now", true, NOW, "ok"],
  ["verified at the limit", true, NOW - 300_000, "ok"],
  ["verified a millisecond before it", true, NOW - 300_001, "step_up_required"],
  ["never verified in this session", true, undefined, "step_up_required"],
  ["without any factor", false, undefined, "enrollment_required"],
  ["with the last factor removed since", false, NOW, "enrollment_required"],
] as const)("a sensitive action by a user %s: %#", (_, hasFactor, factorVerifiedAtMs, expected) => {
  expect(stepUpFor({ nowMs: NOW, maxAgeSeconds: 300, hasFactor, factorVerifiedAtMs })).toBe(expected);
});
