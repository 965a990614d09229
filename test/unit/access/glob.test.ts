import { covers, intersects, matches, parseGlob } from "../../../lib/access/glob.ts";
import { fc } from "../../support/fast-check.ts";

const textsUpTo = (length: number): readonly string[] =>
  length === 0
    ? [""]
    : ["", ...textsUpTo(length - 1).flatMap((rest) => ["a", "b", "c"].map((c) => c + rest))];

const TEXTS = [...new Set(textsUpTo(6))];

// The third letter stands in no pattern, as most characters of the world do not.
const pattern = fc.stringMatching(/^[ab*]{0,5}$/);

/** Matches by trying everything. */
function naive(glob: string, text: string): boolean {
  if (glob === "") return text === "";
  const rest = glob.slice(1);
  if (glob.startsWith("*")) {
    return naive(rest, text) || (text !== "" && naive(glob, text.slice(1)));
  }
  return text.startsWith(glob.charAt(0)) && naive(rest, text.slice(1));
}

describe("matching", () => {
  test.each([
    ["volume:create", "volume:create", true],
    ["volume:create", "volume:creat", false],
    ["volume:create", "Volume:create", false],
    ["volume:*", "volume:", true],
    ["volume:*", "volumes:list", false],
    ["*:list", "volume:list", true],
    ["*:list", ":list", true],
    ["*:list", "volume:list:all", false],
    ["*", "", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["ab*ba", "aba", false],
    ["*ab*ab*", "abab", true],
    ["*ab*ab*", "aab", false],
    ["volume/res_*", "volume/res_01\n", true],
    ["", "", true],
    ["", "a", false],
  ])("%j on %j: %s", (glob, text, expected) => {
    expect(matches(parseGlob(glob), text)).toBe(expected);
  });

  test("is what trying every split finds", () => {
    fc.assert(
      fc.property(pattern, fc.constantFrom(...TEXTS), (glob, text) => {
        expect(matches(parseGlob(glob), text)).toBe(naive(glob, text));
      }),
      { numRuns: 5000 },
    );
  });
});

test("one pattern covers another exactly when it matches all that the other matches", () => {
  fc.assert(
    fc.property(pattern, pattern, (outer, inner) => {
      const matchedByAll = TEXTS.filter((text) => naive(inner, text)).every((text) => naive(outer, text));
      expect(covers(parseGlob(outer), parseGlob(inner))).toBe(matchedByAll);
    }),
    { numRuns: 2000 },
  );
});

test("two patterns intersect exactly when something is matched by both", () => {
  const short = fc.stringMatching(/^[ab*]{0,3}$/);
  fc.assert(
    fc.property(short, short, (a, b) => {
      const common = TEXTS.some((text) => naive(a, text) && naive(b, text));
      expect(intersects(parseGlob(a), parseGlob(b))).toBe(common);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["volume:*", "volume:create", true],
  ["volume:*", "*", false],
  ["*:delete", "volume:*", false],
  ["*:delete", "volume:*:delete", true],
  ["**", "*", true],
  ["*", "**", true],
])("%j covers %j: %s", (outer, inner, expected) => {
  expect(covers(parseGlob(outer), parseGlob(inner))).toBe(expected);
});
