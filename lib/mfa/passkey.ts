/** A registered WebAuthn credential, as it is kept. */
export interface PasskeyCredential {
  /** Base64url, at most 1,023 bytes; unique in the deployment. */
  readonly credentialId: string;
  /** The COSE key, base64url. */
  readonly publicKey: string;
  /** The last counter seen; 0 forever for authenticators that keep none. */
  readonly signCount: number;
  readonly transports: readonly string[];
  /** Whether the key cannot leave its device. */
  readonly deviceBound: boolean;
}

/** Whose passkey: what the authenticator keeps as the user handle, so that a person is found without a name. */
export interface PasskeyOwner {
  readonly tenantId: string;
  readonly userId: string;
}

/** Options for the browser, and the challenge in them, which the server must find again in the answer. */
export interface PasskeyOptions {
  /** `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`. */
  readonly options: unknown;
  /** Base64url. Good for one answer: its use is put on record before the answer counts. */
  readonly challenge: string;
}

/** A passkey that signed. */
export interface PasskeyUse {
  readonly signCount: number;
  /** Whether the authenticator verified its user (PIN, fingerprint), and so counts as two factors. */
  readonly userVerified: boolean;
}

/** What a sign-in is checked against. */
export interface PasskeySignIn {
  /** The browser's `AuthenticationResponseJSON`, unparsed. */
  readonly response: unknown;
  readonly challenge: string;
  readonly owner: PasskeyOwner;
  readonly credential: PasskeyCredential;
  /** True where the passkey is the only factor; false where a password went before. */
  readonly requireUserVerification: boolean;
}

/** WebAuthn for one relying party. */
export interface Passkeys {
  registrationOptions(registration: {
    readonly owner: PasskeyOwner;
    /** What the authenticator shows: the e-mail and the name. */
    readonly userName: string;
    readonly displayName: string;
    readonly existing: readonly PasskeyCredential[];
  }): Promise<PasskeyOptions>;
  /** `undefined` where the answer is not to this challenge, origin and relying party. */
  verifyRegistration(response: unknown, challenge: string): Promise<PasskeyCredential | undefined>;
  /** `allowed` names a known user's credentials; `undefined` lets the authenticator say who it is. */
  signInOptions(allowed: readonly PasskeyCredential[] | undefined): Promise<PasskeyOptions>;
  /** Which credential an answer is of, and whose it claims to be; `undefined` for what is not one. Proves nothing. */
  identify(
    response: unknown,
  ): { readonly credentialId: string; readonly owner: PasskeyOwner | undefined } | undefined;
  /** `undefined` where anything is wrong: challenge, origin, relying party, signature, counter, owner, verification. */
  verifySignIn(signIn: PasskeySignIn): Promise<PasskeyUse | undefined>;
}
