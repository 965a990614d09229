import type { Operations, Schemas } from "../client/api.ts";

/** What the API answers, as far as the console shows it. Times are RFC 3339 in UTC, quantities and money decimal text. */

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Where a session runs. */
export type Device = Session["device"];

export type Session = Schemas["Session"];

export type Resumable = Me["resumable"][number];

export type Me = Operations["GET /v1/me"]["answer"];

export type FactorType = Factor["type"];

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

export type Tokens = Pick<Schemas["Tokens"], "status" | "accessToken" | "expiresIn" | "session">;

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

export type Change = NonNullable<Activity["changes"]>[number];

export type Activity = Schemas["Activity"];

export type Seal = Schemas["Seal"];

export type Proof = Operations["GET /v1/activity/{activityId}/proof"]["answer"];

export type Alert = Schemas["Alert"];

export type User = Schemas["User"];
