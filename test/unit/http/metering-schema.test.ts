import { expect, test } from "@jest/globals";
import { DecimalInput } from "../../../lib/http/metering-schema.ts";

test.each([
  ["1234567890123456789.123456789012345678", 1_234_567_890_123_456_789_123_456_789_012_345_678n],
  ["0", 0n],
  [0.1, 100_000_000_000_000_000n],
  [1e-7, 100_000_000_000n],
])("%p is read exactly", (input, atto) => {
  expect(DecimalInput.parse(input)).toBe(atto);
});

test.each([
  ["a sign", "-1"],
  ["a negative number", -1],
  ["an exponent", "1e5"],
  ["a comma", "1,5"],
  ["19 decimals", "0.1234567890123456789"],
  ["39 digits", "123456789012345678901.123456789012345678"],
  ["40 characters", "1".repeat(40)],
  ["a number beyond the exact ones", 9_007_199_254_740_992],
  ["nothing", null],
])("%s is refused in words, without a pattern of ours", (_what, input) => {
  expect(DecimalInput.safeParse(input).error?.issues.map(({ message }) => message)).toEqual([
    'must be a decimal string such as "0.0125", not negative, with at most 38 digits and 18 decimals, ' +
      "or a JSON number that is exact",
  ]);
});
