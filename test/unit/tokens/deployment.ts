import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { accessTokens } from "../../../lib/aws/access-tokens.ts";
import { type SecretsSource, secretsSource } from "../../../lib/aws/secrets.ts";
import { createSecretsDocument, type SecretsDocument } from "../../../lib/aws/secrets-document.ts";
import { type SigningKeys, signingKeys } from "../../../lib/aws/signing-keys.ts";
import type { AccessTokenGrant, AccessTokens } from "../../../lib/session/token.ts";

/** 2026-11-23T10:00:00.000Z. */
export const NOW_MS = 1_795_428_000_000;

/** A clock that a test sets. */
export interface Clock {
  nowMs: number;
}

/** A deployment of its own: its secrets can be replaced and its clock moved while it runs. */
export interface Deployment {
  readonly clock: Clock;
  document: SecretsDocument;
  /** How often the secrets were read from their store. */
  reads: number;
  readonly secrets: SecretsSource;
  readonly keys: SigningKeys;
  readonly tokens: AccessTokens;
}

/** Starts a deployment at `NOW_MS` with new secrets, or with the clock and document of another one. */
export function deployment(of: Partial<Pick<Deployment, "clock" | "document">> = {}): Deployment {
  const clock = of.clock ?? { nowMs: NOW_MS };
  const now = () => clock.nowMs;
  const state = { document: of.document ?? createSecretsDocument(NOW_MS), reads: 0 };
  const secrets = secretsSource({
    readText: async () => {
      state.reads += 1;
      return JSON.stringify(state.document);
    },
    now,
  });
  const keys = signingKeys({ secrets, now });
  const tokens = accessTokens({ keys, issuer: "http://localhost:3000", audience: "active-session", now });
  return Object.assign(state, { clock, secrets, keys, tokens });
}

/** What tokens are issued for in these tests. */
export const GRANT: AccessTokenGrant = {
  tenantId: "ten_01kajq3h5s8zr0d6w2v9x4b7cn",
  userId: "usr_01kajq3h5s8zr0d6w2v9x4b7cp",
  sessionId: "ses_01kajq3h5s8zr0d6w2v9x4b7cq",
  authTimeMs: NOW_MS - 2000,
  amr: ["pwd", "otp", "mfa"],
};

/** The claims of a good token for `GRANT`, as they travel. */
export const PAYLOAD = {
  iss: "http://localhost:3000",
  aud: "active-session",
  sub: "usr_01kajq3h5s8zr0d6w2v9x4b7cp",
  sid: "ses_01kajq3h5s8zr0d6w2v9x4b7cq",
  tid: "ten_01kajq3h5s8zr0d6w2v9x4b7cn",
  jti: "q83vASNFZ4mrze8BI0VniQ",
  iat: 1_795_428_000,
  exp: 1_795_428_300,
  auth_time: 1_795_427_998,
  amr: ["pwd", "otp", "mfa"],
  acr: "aal2",
};

/** The deployment's own signing key: a forger who has it can only be told by the form of what it signs. */
export function ownKey(of: Deployment): { readonly kid: string; readonly privateKey: KeyObject } {
  const [entry] = of.document.signingKeys;
  if (entry === undefined) throw new Error("The deployment has no signing key.");
  return { kid: entry.kid, privateKey: createPrivateKey({ key: { ...entry.privateKeyJwk }, format: "jwk" }) };
}

/** Encodes a header or payload; a text is taken as it is. */
export function segment(content: object | string): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return Buffer.from(text).toString("base64url");
}

/** Signs any header and payload with ES256. */
export function forge(privateKey: KeyObject, header: object | string, payload: object | string): string {
  const input = `${segment(header)}.${segment(payload)}`;
  const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

/** A token that is right in all but the changes to its payload, signed with the deployment's own key. */
export function withPayload(of: Deployment, changes: object): string {
  const { kid, privateKey } = ownKey(of);
  return forge(privateKey, { alg: "ES256", typ: "at+jwt", kid }, { ...PAYLOAD, ...changes });
}

/** A token that is right in all but the changes to its header, signed with the deployment's own key. */
export function withHeader(of: Deployment, changes: object): string {
  const { kid, privateKey } = ownKey(of);
  return forge(privateKey, { alg: "ES256", typ: "at+jwt", kid, ...changes }, PAYLOAD);
}
