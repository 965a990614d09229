import { parseStrictJson } from "../../../lib/http/strict-json.ts";
import { fc } from "../../support/fast-check.ts";
import { JSON_TEXTS, NOT_JSON } from "./strict-json-cases.ts";

const refusal = (text: string, options = {}): unknown => {
  try {
    return { read: parseStrictJson(text, options) };
  } catch (error) {
    return error;
  }
};

describe("what is JSON", () => {
  const stricterHere = ["y_object_duplicated_key", "y_object_duplicated_key_and_value"];

  test.each(JSON_TEXTS.filter(([name]) => !stricterHere.includes(name)))(
    "%s is read as JSON.parse reads it",
    (_, text) => {
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    },
  );

  test.each(NOT_JSON)("%s is malformed", (_, text) => {
    expect(refusal(text)).toMatchObject({ code: "request.malformed" });
  });

  test.each([
    "",
    " ",
    "\ufeff{}",
    "\u00a0{}",
    "{}\u0000",
    "{}{}",
    "'a'",
    "{a:1}",
    "// c\n{}",
    "Infinity",
    "0x10",
    '"\\',
    '{"a":1,}',
  ])("%j is malformed", (text) => {
    expect(refusal(text)).toMatchObject({ code: "request.malformed" });
  });

  test("any JSON value is read back from its text, however it is spaced", () => {
    const values = fc.json({ maxDepth: 5 }).map((text): unknown => JSON.parse(text));
    fc.assert(
      fc.property(values, fc.constantFrom("", " ", "\n", "\t"), (value, space) => {
        fc.pre(!JSON.stringify(value).includes("__proto__"));
        const text = JSON.stringify(value, null, space);
        expect(parseStrictJson(text, { numbers: "nearest" })).toEqual(JSON.parse(text));
      }),
    );
  });

  test("agrees with JSON.parse on damaged texts about what is JSON", () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom("", '"', "\\", ",", "0", "-", "e", "}", "]", " ", "\n"),
      )
      .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1));
    fc.assert(
      fc.property(damaged, (text) => {
        const own = refusal(text, { numbers: "nearest" });
        const isJson = isReadByJsonParse(text);
        if (!isJson) expect(own).toHaveProperty("code");
        if (Object(own).code === "request.malformed") expect(isJson).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("keeps NUL and everything else that a string may escape", () => {
    expect(parseStrictJson(String.raw`"\u0000\b\f\n\r\t\"\\\/\ud83d\ude00é"`)).toBe(
      '\u0000\b\f\n\r\t"\\/😀é',
    );
  });
});

describe("numbers", () => {
  test.each([
    ["0", 0],
    ["-0", -0],
    ["1.50", 1.5],
    ["0.1", 0.1],
    ["1e2", 100],
    ["12E+1", 120],
    ["0.00000000000000000001", 1e-20],
    ["9007199254740991", 9_007_199_254_740_991],
    ["9007199254740992", 9_007_199_254_740_992],
    ["100000000000000000000000", 1e23],
    ["0.30000000000000004", 0.300_000_000_000_000_04],
    ["1.7976931348623157e308", Number.MAX_VALUE],
    ["0e999999999999", 0],
    ["0.000000000000000000000000000000", 0],
  ])("%s is taken, being exact", (text, value) => {
    expect(parseStrictJson(text)).toBe(value);
  });

  test.each([
    "9007199254740993",
    "-9007199254740993",
    "0.1000000000000000055511151231257827",
    "123456789012345678901234567890123456789",
    "1e-400",
    "12345678901234567.5",
  ])("%s is refused, because it would be changed", (text) => {
    expect(refusal(`{"amount": ${text}}`)).toMatchObject({
      code: "request.invalid",
      errors: [{ pointer: "/amount" }],
    });
  });

  test("rounds what is not exact where the reader asks for the nearest number", () => {
    expect(parseStrictJson("[9007199254740993, 1e-400]", { numbers: "nearest" })).toEqual([
      9_007_199_254_740_992, 0,
    ]);
  });

  test.each(["1e309", "-1e309", "1e999999999999"])(
    "%s overflows and is refused however it is read",
    (text) => {
      for (const numbers of ["exact", "nearest"] as const) {
        expect(refusal(`[${text}]`, { numbers })).toMatchObject({
          code: "request.invalid",
          errors: [{ pointer: "/0" }],
        });
      }
    },
  );

  test("every number that JavaScript writes is exact", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(parseStrictJson(String(number))).toBe(number === 0 ? Number(String(number)) : number);
      }),
    );
  });

  test("a decimal is taken exactly when its digits come back", () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{0,24}$/);
    fc.assert(
      fc.property(digits, (whole) => {
        const isExact = BigInt(whole).toString() === BigInt(toPlain(Number(whole))).toString();
        expect(Object(refusal(whole)).code).toBe(isExact ? undefined : "request.invalid");
      }),
      { numRuns: 1000 },
    );
  });
});

/** A whole number as JavaScript shows it, with the exponent written out. */
function toPlain(value: number): string {
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return whole + fraction.padEnd(Number(exponent), "0");
}

function isReadByJsonParse(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
