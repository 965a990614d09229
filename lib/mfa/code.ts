import { invalidField } from "../errors.ts";
import { normaliseRecoveryCode } from "./recovery-code.ts";

/** What a user typed as their second factor. */
export type SecondFactorCode =
  | { readonly kind: "digits"; readonly digits: string }
  | { readonly kind: "recovery"; readonly recoveryCode: string };

/** Whether the text is exactly six ASCII digits: no other script's, no sign, no space. */
export function isSixDigits(text: string): boolean {
  return /^[0-9]{6}$/.test(text);
}

/**
 * Tells a TOTP or SMS code from a recovery code.
 * @throws AppError `request.invalid` at `pointer` for what can be neither, which costs no attempt
 */
export function readCode(text: string, pointer: string): SecondFactorCode {
  if (isSixDigits(text)) return { kind: "digits", digits: text };
  const recoveryCode = normaliseRecoveryCode(text);
  if (recoveryCode === undefined) throw invalidField(pointer, "must be six digits 0-9 or a recovery code");
  return { kind: "recovery", recoveryCode };
}
