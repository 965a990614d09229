// Guarantees: a new password is long enough for what it protects, and not among those that are tried first; the reason
// is told; nothing is asked of its composition (attack rows L03, L05, L06).
import { commonPasswords } from "../../../lib/aws/common-passwords.ts";
import { checkNewPassword, normalisePassword } from "../../../lib/session/password-policy.ts";

const common = commonPasswords();
const NAMES = ["Active Session", "Northwind Traders", "Ada Lovelace", "countess@analytical-engines.example"];

function check(password: string, isMfaRequired = false): string {
  return checkNewPassword(common, { password, pointer: "/newPassword", isMfaRequired, names: NAMES });
}

function reasonFor(password: string, isMfaRequired = false): string | undefined {
  try {
    check(password, isMfaRequired);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: "request.invalid", errors: [{ pointer: "/newPassword" }] });
    return error instanceof Error ? error.message : undefined;
  }
}

describe("length in code points after NFKC", () => {
  test.each([
    ["14 where it is the only factor", "vkq7 hdw2 mzpt", false, "must have at least 15 characters"],
    ["15 where it is the only factor", "vkq7 hdw2 mzpt1", false, undefined],
    ["7 beside a second factor", "vkq7hdw", true, "must have at least 8 characters"],
    ["8 beside a second factor", "vkq7hdw2", true, undefined],
    ["15 emoji", "🦄🐙🦉🐝🦂🐳🦋🐢🦔🐊🦚🐌🦭🐜🦩", false, undefined],
    ["14 emoji, 28 UTF-16 units", "🦄🐙🦉🐝🦂🐳🦋🐢🦔🐊🦚🐌🦭🐜", false, "must have at least 15 characters"],
    ["15 that compose to 14", "vkq7 hdw2 mze\u0301t", false, "must have at least 15 characters"],
    ["128", "vkq7 hdw2 mzpt x".repeat(8), false, undefined],
    ["129", `${"vkq7 hdw2 mzpt x".repeat(8)}y`, false, "must have at most 128 characters"],
    ["1000", "vkq7 hdw2 ".repeat(100), false, "must have at most 128 characters"],
    ["1,000,000", "v".repeat(1_000_000), false, "must have at most 128 characters"],
    ["8 that NFKC makes 144", "\ufdfa".repeat(8), true, "must have at most 128 characters"],
  ])("L03 %s", (_name, password, isMfaRequired, expected) => {
    expect(reasonFor(password, isMfaRequired)).toBe(expected);
  });
});

test.each(["vkq7 hdw2 mz\ud800pt", "vkq7 hdw2 mz\udc00pt", "\udc00\ud800 hdw2 mzpt x"])(
  "L05 refuses the lone surrogate in %j at setting and at signing in",
  (password) => {
    expect(reasonFor(password)).toBe("must be well-formed Unicode");
    expect(() => normalisePassword(password, "/password")).toThrow(
      expect.objectContaining({
        code: "request.invalid",
        errors: [expect.objectContaining({ pointer: "/password" })],
      }),
    );
  },
);

test("L05 keeps NUL, spaces and case, and gives NFKC", () => {
  expect(check(" Vkq7\u0000hdw2 mzpte\u0301 ")).toBe(" Vkq7\u0000hdw2 mzpt\u00e9 ");
});

test.each([
  "all lower case letters",
  "ALL UPPER CASE LETTERS",
  "83749261058372941",
  "правильная лошадь батарея",
  "correct horse battery staple",
  "correcthorsebatterystaple",
  "パスワードではない長い文章です",
])("asks nothing of the composition: takes %j", (password) => {
  expect(reasonFor(password)).toBeUndefined();
});

describe("L06 common passwords", () => {
  test.each([
    "password",
    "PASSWORD",
    "Password1",
    "12345678",
    "qwerty123",
    "iloveyou",
    "trustno1",
    "sunshine",
    "football",
    "1q2w3e4r",
    "princess",
    "letmein1",
    "ｐａｓｓｗｏｒｄ",
    "sunshine1!",
    "!!sunshine!!",
    "password2026",
  ])("refuses %j beside a second factor", (password) => {
    expect(reasonFor(password, true)).toBe("must not be a commonly used password");
  });

  test.each([
    "1qaz2wsx3edc4rfv",
    "123456789987654321",
    "qwerty123456789",
    "123456789qwerty",
    "PasswordStandard",
    "q1w2e3r4t5y6u7i8",
    "1234qwerasdfzxcv",
    "qazwsxedcrfvtgb",
    "lamborghini1998",
    "doandroidsdream?",
    "123qweasdzxc....",
    "administrator123",
    "password!2026!!",
  ])("refuses %j as the only factor", (password) => {
    expect(reasonFor(password)).toBe("must not be a commonly used password");
  });

  test("a word of the list with eight signs of its own is another password", () => {
    expect(reasonFor("sunshine-83749261")).toBeUndefined();
  });
});

describe("L06 repetitions", () => {
  test.each([
    ["aaaaaaaaaaaaaaa", false],
    ["abcabcabcabcabca", false],
    ["vkq7vkq7vkq7vkq7", false],
    ["hunter2 hunter2 ", false],
    ["hunter7hunter7", true],
    ["basketballbasketball", true],
  ])("refuses %j", (password, isMfaRequired) => {
    expect(reasonFor(password, isMfaRequired)).toMatch(
      /must not (repeat one short piece|be a commonly used)/,
    );
  });

  test("takes a good password twice", () => {
    expect(reasonFor("vkq7hdw2vkq7hdw2", true)).toBeUndefined();
    expect(reasonFor("vkq7 hdw2 mzpt xvkq7 hdw2 mzpt x")).toBeUndefined();
  });
});

test.each([
  "123456789012345",
  "abcdefghijklmnop",
  "zyxwvutsrqponmlk",
  "qwertyuiopasdfgh",
  "qwertzuiopasdfghjkl",
  "azertyuiopqsdfg",
  "1qaz2wsx3edc4rfv5tgb",
  "aaaabbbbccccdddd",
  "000000000000001",
  "0987654321098765",
])("L06 refuses the sequence %j", (password) => {
  expect(reasonFor(password)).toMatch(/must not be a (sequence|commonly used)/);
});

describe("names", () => {
  const REASON = "must not be made of the product's, the organisation's or your own name or address";
  test.each([
    "Northwind Traders",
    "NORTHWIND-TRADERS",
    "northwind2026!!!",
    "active-session-2026",
    "ActiveSessionActive",
    "Ada Lovelace 1815",
    "countess@analytical-engines.example",
    "Countess.Lovelace",
    "traders of northwind",
    "ｎｏｒｔｈｗｉｎｄ ｔｒａｄｅｒｓ",
  ])("refuses %j", (password) => {
    expect(reasonFor(password)).toBe(REASON);
  });

  test.each(["northwind vkq7 hdw2 mz", "my sessions are lovely", "Ada likes long walks"])(
    "takes %j, which has eight letters or digits of its own",
    (password) => {
      expect(reasonFor(password)).toBeUndefined();
    },
  );

  test("a name of three letters is too short to count", () => {
    const wanted = { pointer: "/password", isMfaRequired: true, names: ["Ada"] };
    expect(checkNewPassword(common, { ...wanted, password: "adavkq7h" })).toBe("adavkq7h");
  });

  test("empty names and names without letters change nothing", () => {
    const wanted = { pointer: "/password", isMfaRequired: true, names: ["", " ", "----", "@"] };
    expect(checkNewPassword(common, { ...wanted, password: "vkq7hdw2" })).toBe("vkq7hdw2");
  });
});

test("decides about the longest password in a moment", () => {
  const startedAt = performance.now();
  for (let i = 0; i < 200; i += 1) reasonFor("vkq7 hdw2 mzpt x".repeat(8));
  expect((performance.now() - startedAt) / 200).toBeLessThan(500);
});

test("takes 9,990 of 10,000 random passwords of 8 letters and digits", () => {
  // A linear congruential generator: the same passwords every time.
  let state = 20_261_123;
  const letter = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return "abcdefghijklmnopqrstuvwxyz0123456789".charAt(Math.floor((state / 2_147_483_648) * 36));
  };
  const passwords = Array.from({ length: 10_000 }, () => Array.from({ length: 8 }, letter).join(""));
  expect(passwords.filter((password) => reasonFor(password, true) === undefined).length).toBeGreaterThan(
    9990,
  );
});
