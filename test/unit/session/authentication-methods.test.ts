import { addMethod, assuranceLevel } from "../../../lib/session/authentication-methods.ts";

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
