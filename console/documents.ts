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

export interface Session {
  readonly id: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly userName?: string;
  readonly kind: "interactive" | "workflow" | "support";
  readonly status: "active" | "ended";
  readonly endReason?: string;
  readonly device: Device;
  readonly ip: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly idleExpiresAt: string;
  readonly absoluteExpiresAt: string;
  readonly endedAt?: string;
  readonly amr: readonly string[];
  readonly roles: readonly string[];
  readonly current: boolean;
  readonly source?: "import";
  readonly workflow?: Workflow;
}

export interface Workflow {
  readonly provider: string;
  readonly runId: string;
  readonly ref?: string;
}

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

export interface Factor extends OfferedFactor {
  readonly phone?: string;
  readonly verified: boolean;
  readonly createdAt: string;
}

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

/** A session to choose from, where no more are allowed. */
export interface SessionChoice {
  readonly id: string;
  readonly device: Device;
  readonly ip: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

export interface Change {
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

export interface Activity {
  readonly id: string;
  readonly time: string;
  readonly receivedAt: string;
  readonly sessionId: string | null;
  readonly actor: {
    readonly type: string;
    readonly id: string;
    readonly name: string;
    readonly onBehalfOf?: string;
  };
  readonly action: string;
  readonly resource?: { readonly type: string; readonly id: string };
  readonly outcome: "success" | "denied" | "error";
  readonly errorCode?: string;
  readonly durationMs: number;
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly taskId?: string;
  readonly workflow?: Workflow;
  readonly changes?: readonly Change[];
  readonly source: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface Seal {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly treeSize: number;
  readonly rootHash: string;
  readonly previousSealHash: string | null;
  readonly kid: string;
  readonly signature: string;
}

export interface Proof {
  readonly record: Activity;
  readonly leafIndex: number;
  readonly path: readonly string[];
  readonly seal: Seal;
  readonly jwk: JsonWebKey;
}

export interface Alert {
  readonly id: string;
  readonly rule: string;
  readonly severity: "low" | "medium" | "high";
  readonly status: "open" | "acknowledged" | "closed";
  readonly time: string;
  readonly lastTime: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly ip?: string;
  readonly summary: string;
  readonly evidence: readonly string[];
  readonly mitre?: readonly string[];
  readonly note?: string;
}

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly status: "invited" | "active";
  readonly factorTypes: readonly FactorType[];
  readonly createdAt: string;
}
