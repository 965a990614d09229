import { isChallengeOver } from "../../../lib/session/login-challenge.ts";

test.each([
  [0, 299_999, false],
  [0, 300_000, true],
  [4, 0, false],
  [5, 0, true],
])("a challenge after %d wrong codes and %d ms: over is %j", (wrongCodes, ageMs, expected) => {
  expect(isChallengeOver({ createdAtMs: 1000, wrongCodes }, 1000 + ageMs)).toBe(expected);
});
