/**
 * Guarantees against an attacker who sends JSON: two readers never see two different things in it, no name reaches
 * a prototype, and no text is slow or ends the process.
 */
import { AppError } from "../../../lib/errors.ts";
import { parseStrictJson } from "../../../lib/http/strict-json.ts";

function refusal(text: string): { code: string; pointer: string | undefined } {
  try {
    parseStrictJson(text);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, pointer: error.errors?.[0]?.pointer };
    throw error;
  }
  throw new Error("The text was taken.");
}

describe("a name given twice", () => {
  test.each([
    [`{"role":"viewer","role":"owner"}`, "/role"],
    [`{"role":"viewer","r\\u006fle":"owner"}`, "/role"],
    [`{"a":[{"b/c~d":1,"x":2,"b/c~d":1}]}`, "/a/0/b~1c~0d"],
    [`{"":1,"":2}`, "/"],
    [`{"1":1,"\\u0031":2}`, "/1"],
    [`{"toString":1,"toString":2}`, "/toString"],
  ])("%s is refused at %s", (text, pointer) => {
    expect(refusal(text)).toEqual({ code: "request.invalid", pointer });
  });

  test("is no name twice where it stands in two objects", () => {
    expect(parseStrictJson(`{"a":{"a":1},"b":{"a":1}}`)).toEqual({ a: { a: 1 }, b: { a: 1 } });
  });
});

describe("nesting", () => {
  test("takes 32 levels and refuses the 33rd", () => {
    expect(parseStrictJson("[".repeat(32) + "]".repeat(32))).toHaveLength(1);
    expect(refusal("[".repeat(33) + "]".repeat(33))).toEqual({
      code: "request.invalid",
      pointer: "/0".repeat(32),
    });
    expect(refusal(`${'{"a":'.repeat(33)}1${"}".repeat(33)}`)).toEqual({
      code: "request.invalid",
      pointer: "/a".repeat(32),
    });
  });

  test.each([
    ["arrays", "["],
    ["objects", '{"a":'],
    ["both", '[{"":'],
  ])("refuses 100,000 levels of %s at once", (_, opening) => {
    const text = opening.repeat(100_000);
    const startedAt = performance.now();
    expect(refusal(text).code).toBe("request.invalid");
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe("half of a surrogate pair", () => {
  test.each([
    [String.raw`{"name":"\ud800"}`, "/name"],
    [String.raw`{"name":"\udc00\ud800"}`, "/name"],
    [`{"name":"\ud800"}`, "/name"],
    [String.raw`["ok","\ud83d\u0041"]`, "/1"],
    [String.raw`{"a":{"\udfff":1}}`, "/a"],
  ])("%j is refused at %s", (text, pointer) => {
    expect(refusal(text)).toEqual({ code: "request.invalid", pointer });
  });
});

describe("names that reach a prototype", () => {
  test.each([
    [`{"__proto__":{"isAdmin":true}}`, "/__proto__"],
    [`{"\\u005f_proto__":{"isAdmin":true}}`, "/__proto__"],
    [`{"a":[{"__proto__":null}]}`, "/a/0/__proto__"],
    [`{"constructor":{"prototype":{"x":1}}}`, "/constructor"],
    [`{"a":{"constructor":{"proto\\u0074ype":1}}}`, "/a/constructor"],
  ])("%s is refused and changes nothing", (text, pointer) => {
    expect(refusal(text)).toEqual({ code: "request.invalid", pointer });
    expect(Object({})).not.toHaveProperty("isAdmin");
    expect(Object({})).not.toHaveProperty("x");
  });

  test("are names like others where they are values, or a constructor is a word", () => {
    expect(parseStrictJson(`{"a":"__proto__","constructor":"Bolt & Sons"}`)).toEqual({
      a: "__proto__",
      constructor: "Bolt & Sons",
    });
  });
});

test("a megabyte of anything is read or refused quickly", () => {
  const size = 1_000_000;
  const texts = [
    `"${"\\u0061".repeat(size / 6)}"`,
    `"${"\\\\".repeat(size / 2)}`,
    "9".repeat(size),
    `0.${"0".repeat(size)}1`,
    `0.${"0".repeat(size / 2)}${"10".repeat(size / 4)}`,
    `${"9".repeat(size)}x`,
    `[${"1,".repeat(size / 2)}1]`,
    `{${Array.from({ length: size / 12 }, (_, index) => `"k${index}":1`).join(",")}}`,
    " ".repeat(size),
  ];
  for (const text of texts) {
    const startedAt = performance.now();
    try {
      parseStrictJson(text);
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
    }
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  }
});
