// Guarantees: ten codes of 80 bits, kept only as hashes, each found while unused and however it was copied, and only for
// its owner (attack rows T09, T10).
import { recoveryCodes } from "../../../lib/aws/recovery-codes.ts";
import { normaliseRecoveryCode } from "../../../lib/mfa/recovery-code.ts";

const own = recoveryCodes();
const read = (shown: string | undefined) => normaliseRecoveryCode(shown ?? "") ?? "";

test("makes ten different codes and keeps none of them readable", () => {
  const { shown, stored } = own.generate("usr_a");
  expect(shown).toHaveLength(10);
  expect(new Set(shown).size).toBe(10);
  for (const code of shown) {
    expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/);
    expect(JSON.stringify(stored)).not.toContain(read(code));
  }
});

test("finds each code at its own place", () => {
  const { shown, stored } = own.generate("usr_a");
  expect(shown.map((code) => own.find("usr_a", read(code), stored))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("T09 finds no code that was used", () => {
  const { shown, stored } = own.generate("usr_a");
  const used = stored.map((code, place) => (place === 3 ? { ...code, usedAtMs: 1 } : code));
  expect(own.find("usr_a", read(shown[3]), used)).toBeUndefined();
  expect(own.find("usr_a", read(shown[4]), used)).toBe(4);
});

test("T10 finds no code of an earlier set, nor of another user", () => {
  const before = own.generate("usr_a");
  const after = own.generate("usr_a");
  expect(own.find("usr_a", read(before.shown[0]), after.stored)).toBeUndefined();
  expect(own.find("usr_b", read(after.shown[0]), after.stored)).toBeUndefined();
});

test.each([
  "0123-4567-89ab-cdef",
  "0123456789abcdef",
  "0123 4567 89AB CDEF",
  " O123-4567-89AB-CDEF ",
  "oI23-4567-89ab-cdef",
  "0l23-4567-89ab-cdef",
])("T10 reads %j as the code it was copied from", (typed) => {
  expect(normaliseRecoveryCode(typed)).toBe("0123456789abcdef");
});

test.each([
  "",
  "0123-4567-89ab-cde",
  "0123-4567-89ab-cdef0",
  "0123-4567-89ab-cdeu",
  "0123_4567_89ab_cdef",
  "０123-4567-89ab-cdef",
  "0123-4567-89ab-\u212aabc",
  "0123\t4567 89ab cdef",
  "123456",
])("T10 reads %j as none", (typed) => {
  expect(normaliseRecoveryCode(typed)).toBeUndefined();
});
