import {
  type Factor,
  hasUsableFactor,
  maskPhone,
  parsePhone,
  summarise,
  usableFactors,
} from "../../../lib/mfa/factor.ts";
import { addMethod, assuranceLevel } from "../../../lib/session/authentication-methods.ts";
import { isChallengeOver } from "../../../lib/session/login-challenge.ts";

const APP: Factor = {
  factorId: "fac_1",
  type: "totp",
  label: "Phone",
  createdAtMs: 1,
  verifiedAtMs: 2,
  sealedSecret: "s",
};
const SMS: Factor = {
  factorId: "fac_2",
  type: "sms",
  label: "Work",
  createdAtMs: 1,
  phone: "+4915112345678",
};

test("T07 an unverified factor is no factor", () => {
  expect(usableFactors([APP, SMS], ["totp", "sms", "passkey"])).toEqual([APP]);
  expect(hasUsableFactor([SMS], ["totp", "sms", "passkey"])).toBe(false);
});

test("a factor of a type that the tenant does not allow is no factor", () => {
  expect(hasUsableFactor([APP], ["passkey"])).toBe(false);
});

test("tells of a factor its id, type and label alone", () => {
  expect(summarise(SMS)).toEqual({ id: "fac_2", type: "sms", label: "Work" });
  expect(summarise(APP)).toEqual({ id: "fac_1", type: "totp", label: "Phone" });
});

test("shows the last two digits of a phone number", () => {
  expect(maskPhone("+4915112345678")).toBe("•••••••••••78");
});

test.each(["+4915112345678", "+1234567", "+123456789012345"])("takes the phone number %s", (phone) => {
  expect(parsePhone(phone, "/phone")).toBe(phone);
});

test.each([
  "015112345678",
  "+0151123456",
  "+49 151 1234567",
  "+123456",
  "+1234567890123456",
  "+４9151",
  "",
  "+49151123456a",
])("refuses the phone number %j", (phone) => {
  expect(() => parsePhone(phone, "/phone")).toThrow(expect.objectContaining({ code: "request.invalid" }));
});

test.each([
  [0, 299_999, false],
  [0, 300_000, true],
  [4, 0, false],
  [5, 0, true],
])("a challenge after %d wrong codes and %d ms: over is %j", (wrongCodes, ageMs, expected) => {
  expect(isChallengeOver({ createdAtMs: 1000, wrongCodes }, 1000 + ageMs)).toBe(expected);
});

describe("amr and acr", () => {
  const passkey = { type: "passkey", deviceBound: true, userVerified: true } as const;
  test.each([
    ["a password", [{ type: "password" }], ["pwd"], "aal1"],
    ["password and app", [{ type: "password" }, { type: "totp" }], ["pwd", "otp", "mfa"], "aal2"],
    ["password and SMS", [{ type: "password" }, { type: "sms" }], ["pwd", "sms", "mfa"], "aal2"],
    [
      "password and recovery code",
      [{ type: "password" }, { type: "recovery_code" }],
      ["pwd", "otp", "mfa"],
      "aal2",
    ],
    ["a verified passkey", [passkey], ["hwk", "user", "mfa"], "aal2"],
    ["an unverified passkey", [{ ...passkey, userVerified: false }], ["hwk"], "aal1"],
    ["a synchronised one", [{ ...passkey, deviceBound: false }], ["swk", "user", "mfa"], "aal2"],
    [
      "step-up by app twice",
      [{ type: "password" }, { type: "totp" }, { type: "totp" }],
      ["pwd", "otp", "mfa"],
      "aal2",
    ],
  ] as const)("after %s", (_name, used, amr, acr) => {
    const methods = used.reduce<readonly string[]>((before, method) => addMethod(before, method), []);
    expect(methods).toEqual(amr);
    expect(assuranceLevel(methods)).toBe(acr);
  });
});
