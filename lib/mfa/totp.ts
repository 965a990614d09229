import type { EpochMs } from "../time.ts";

/** The length of a time step (RFC 6238 section 4.1). */
export const TOTP_STEP_SECONDS = 30;

/** What a code is checked against. */
export interface TotpCheck {
  /** Base32, 160 bits. */
  readonly secret: string;
  /** Six ASCII digits. */
  readonly code: string;
  readonly nowMs: EpochMs;
  /** The step of the last code taken from this factor: neither it nor an older one is taken again. */
  readonly lastUsedStep: number | undefined;
}

/** What an authenticator app is set up with. */
export interface TotpSetup {
  /** Base32, 160 bits (RFC 4226 section 4). */
  readonly secret: string;
  readonly otpauthUri: string;
  /** The URI as a QR code, an SVG document. */
  readonly qrSvg: string;
}

/** Time-based one-time passwords: SHA-1, six digits, 30 s. */
export interface Totp {
  /** A new secret; `issuer` and `account` are what the app shows. */
  enrol(names: { readonly issuer: string; readonly account: string }): Promise<TotpSetup>;
  /**
   * The step that the code belongs to, one either side of now, or `undefined`. The caller keeps the step under the
   * condition that the one kept is smaller: of two uses at once only one may win.
   */
  verify(check: TotpCheck): number | undefined;
}

/** The steps that a code may be of at `nowMs`: the one before, the present and the next, as far as later than the last used. */
export function acceptableSteps(nowMs: EpochMs, lastUsedStep: number | undefined): readonly number[] {
  const present = Math.floor(nowMs / 1000 / TOTP_STEP_SECONDS);
  return [present - 1, present, present + 1].filter((step) => step > (lastUsedStep ?? -1));
}
