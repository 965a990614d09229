import type { Schemas } from "../client/api.ts";

/** What the API answers, as far as the console shows it. Times are RFC 3339 in UTC, quantities and money decimal text. */

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Where a session runs. */
export interface Device {
  readonly browser: string;
  readonly os: string;
  readonly type: string;
  readonly name?: string;
}

export type Session = Schemas["Session"];

export interface Resumable {
  readonly sessionId: string;
  readonly device: Device;
  readonly endReason: string;
  readonly endedAt: string;
  readonly keys: number;
}

export interface Me {
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly name: string;
    readonly factorTypes: readonly FactorType[];
  };
  readonly tenant: { readonly id: string; readonly name: string };
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly session: Session;
  readonly resumable: readonly Resumable[];
}

export type FactorType = "totp" | "sms" | "passkey";

/** A factor as a sign-in offers it. */
export interface OfferedFactor {
  readonly id: string;
  readonly type: FactorType;
  readonly label: string;
}

export type Factor = Schemas["Factor"];

/** A factor on its way: what the authenticator needs to know. */
export interface NewFactor extends OfferedFactor {
  readonly secret?: string;
  readonly otpauthUri?: string;
  readonly qrSvg?: string;
  readonly options?: PublicKeyCredentialCreationOptionsJSON;
}

export interface Tokens {
  readonly status: "active";
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly session: Session;
}

/** What a first factor is answered with. */
export type SignInAnswer =
  | Tokens
  | {
      readonly status: "mfa_required";
      readonly challengeToken: string;
      readonly factors: readonly OfferedFactor[];
    }
  | { readonly status: "mfa_enrollment_required"; readonly challengeToken: string };

/** A verified factor; with tokens where that completes a sign-in. */
export interface VerifiedFactor extends OfferedFactor, Partial<Omit<Tokens, "status">> {
  readonly recoveryCodes?: readonly string[];
}

export interface Change {
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

export type Activity = Schemas["Activity"];

export type Seal = Schemas["Seal"];

export interface Proof {
  readonly record: Activity;
  readonly leafIndex: number;
  readonly path: readonly string[];
  readonly seal: Seal;
  readonly jwk: JsonWebKey;
}

export type Alert = Schemas["Alert"];

export type User = Schemas["User"];
