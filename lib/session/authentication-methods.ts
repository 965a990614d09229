/** A way in which a person proved to be who they say. */
export type UsedMethod =
  | { readonly type: "password" | "totp" | "sms" | "recovery_code" }
  | { readonly type: "passkey"; readonly deviceBound: boolean; readonly userVerified: boolean };

/**
 * The `amr` claim after one more method was used (RFC 8176 names): `pwd`, `otp` for TOTP and recovery codes, `sms`,
 * `hwk` or `swk` for a passkey bound to its device or synchronised, `user` where a passkey verified its user. `mfa`
 * joins once a password and another method were used, or a user-verified passkey, which is two factors by itself.
 */
export function addMethod(amr: readonly string[], used: UsedMethod): readonly string[] {
  const methods = new Set(amr);
  for (const name of namesOf(used)) methods.add(name);
  const isSecondBesidePassword = methods.has("pwd") && methods.size > 1;
  if (isSecondBesidePassword || methods.has("user")) methods.add("mfa");
  return [...methods];
}

/** The `acr` claim: the authenticator assurance level of NIST SP 800-63B that the methods reach. */
export function assuranceLevel(amr: readonly string[]): "aal1" | "aal2" {
  return amr.includes("mfa") ? "aal2" : "aal1";
}

function namesOf(used: UsedMethod): readonly string[] {
  switch (used.type) {
    case "password":
      return ["pwd"];
    case "totp":
    case "recovery_code":
      return ["otp"];
    case "sms":
      return ["sms"];
    case "passkey":
      return [used.deviceBound ? "hwk" : "swk", ...(used.userVerified ? ["user"] : [])];
  }
}
