import {
  divideRoundingUp,
  formatAtto,
  formatDecimal,
  isMore,
  parseDecimal,
  type Ratio,
  roundTo,
  sumOf,
} from "../../../lib/decimal.ts";

const third: Ratio = { over: 1n, under: 3n };

describe("rounding", () => {
  test.each([
    { value: { over: 125n, under: 1000n }, decimals: 2, rounded: 13n },
    { value: { over: -125n, under: 1000n }, decimals: 2, rounded: -13n },
    { value: { over: 124_999n, under: 1_000_000n }, decimals: 2, rounded: 12n },
    { value: { over: 1n, under: 2n }, decimals: 0, rounded: 1n },
    { value: third, decimals: 9, rounded: 333_333_333n },
    { value: { over: 2n, under: 3n }, decimals: 9, rounded: 666_666_667n },
    { value: { over: 0n, under: 7n }, decimals: 2, rounded: 0n },
  ])(
    "goes half away from zero: $value.over/$value.under at $decimals decimals",
    ({ value, decimals, rounded }) => {
      expect(roundTo(value, decimals)).toBe(rounded);
    },
  );

  test("goes up to the next whole package, and stays where it is exact", () => {
    expect(divideRoundingUp(third, { over: 1n, under: 1n })).toBe(1n);
    expect(divideRoundingUp({ over: 20n, under: 1n }, { over: 10n, under: 1n })).toBe(2n);
    expect(divideRoundingUp({ over: 0n, under: 1n }, { over: 10n, under: 1n })).toBe(0n);
  });
});

test("U01 0.1 and 0.2, a million times each, add up to the last digit", () => {
  const [one, two] = ["0.1", "0.2"].map((text) => parseDecimal(text, 18) ?? 0n);
  const amounts = Array.from({ length: 2_000_000 }, (_, place) => (place % 2 === 0 ? one : two) ?? 0n);
  expect(formatAtto(sumOf(amounts))).toBe("300000");
});

test("comparing is exact where a float would not tell the difference", () => {
  expect(
    isMore({ over: 9_007_199_254_740_993n, under: 1n }, { over: 9_007_199_254_740_992n, under: 1n }),
  ).toBe(true);
  expect(isMore(third, { over: 333_333_333_333_333_333n, under: 10n ** 18n })).toBe(true);
  expect(isMore(third, { over: 2n, under: 6n })).toBe(false);
});

describe("writing", () => {
  test.each([
    { units: 250n, decimals: 2, text: "2.50" },
    { units: 5n, decimals: 3, text: "0.005" },
    { units: -5n, decimals: 2, text: "-0.05" },
    { units: 0n, decimals: 2, text: "0.00" },
    { units: 120n, decimals: 0, text: "120" },
  ])("$units at $decimals decimals is $text", ({ units, decimals, text }) => {
    expect(formatDecimal(units, decimals)).toBe(text);
  });

  test.each([
    { value: 40_000_000_000_000_000n, text: "0.04" },
    { value: 1_000n * 10n ** 18n, text: "1000" },
    { value: 0n, text: "0" },
    { value: 1n, text: "0.000000000000000001" },
  ])("prices have no trailing zeros: $text", ({ value, text }) => {
    expect(formatAtto(value)).toBe(text);
  });
});

describe("reading", () => {
  test.each([
    { text: "0.0125", decimals: 4, units: 125n },
    { text: "7", decimals: 2, units: 700n },
    { text: "-1.78", decimals: 2, units: -178n },
    { text: "9007199254740993", decimals: 0, units: 9_007_199_254_740_993n },
  ])("takes $text exactly", ({ text, decimals, units }) => {
    expect(parseDecimal(text, decimals)).toBe(units);
  });

  test.each([
    "",
    " 1",
    "1 ",
    "1,5",
    "1.",
    ".5",
    "+1",
    "01",
    "1e3",
    "0x10",
    "NaN",
    "Infinity",
    "--1",
    "１",
    "1_0",
    "0.001",
  ])("refuses %j at two decimals", (text) => {
    expect(parseDecimal(text, 2)).toBeUndefined();
  });
});
