import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** What an authenticator of software does, and can be made to do wrongly. */
export interface SoftAuthenticator {
  readonly credentialId: string;
  signCount: number;
  /** Answers `PublicKeyCredentialCreationOptionsJSON`. */
  register(options: unknown, conditions: Conditions): object;
  /** Answers `PublicKeyCredentialRequestOptionsJSON`. */
  signIn(options: unknown, conditions: Conditions & { readonly userHandle?: string }): object;
}

/** Where the browser is, and what the authenticator says of its user. */
export interface Conditions {
  readonly origin: string;
  readonly rpId: string;
  readonly isUserVerified?: boolean;
  readonly isUserPresent?: boolean;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED_DATA = 0x40;

/** A WebAuthn authenticator with one ES256 key, "none" attestation and a counter (WebAuthn Level 3 sections 6.1, 6.5). */
export function softAuthenticator(): SoftAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const rawId = randomBytes(32);
  const credentialId = rawId.toString("base64url");

  const authenticator: SoftAuthenticator = {
    credentialId,
    signCount: 0,
    register(options, conditions) {
      const length = Buffer.from([0, rawId.length]);
      const attested = Buffer.concat([Buffer.alloc(16), length, rawId, coseKey(publicKey)]);
      const authData = Buffer.concat([
        authenticatorData(conditions, ATTESTED_DATA, authenticator.signCount),
        attested,
      ]);
      return credential(credentialId, {
        clientDataJSON: clientData("webauthn.create", options, conditions).toString("base64url"),
        attestationObject: attestationObject(authData).toString("base64url"),
        transports: ["internal"],
      });
    },
    signIn(options, conditions) {
      authenticator.signCount += 1;
      const clientDataJSON = clientData("webauthn.get", options, conditions);
      const authData = authenticatorData(conditions, 0, authenticator.signCount);
      const signed = Buffer.concat([authData, createHash("sha256").update(clientDataJSON).digest()]);
      return credential(credentialId, {
        clientDataJSON: clientDataJSON.toString("base64url"),
        authenticatorData: authData.toString("base64url"),
        signature: sign("sha256", signed, privateKey).toString("base64url"),
        ...(conditions.userHandle === undefined ? {} : { userHandle: conditions.userHandle }),
      });
    },
  };
  return authenticator;
}

function credential(id: string, response: object): object {
  return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
}

function clientData(type: string, options: unknown, { origin }: Conditions): Buffer {
  const challenge: unknown = Reflect.get(Object(options), "challenge");
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

function authenticatorData(conditions: Conditions, flags: number, signCount: number): Buffer {
  const { rpId, isUserVerified = true, isUserPresent = true } = conditions;
  const all = flags | (isUserVerified ? USER_VERIFIED : 0) | (isUserPresent ? USER_PRESENT : 0);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(signCount);
  return Buffer.concat([createHash("sha256").update(rpId).digest(), Buffer.from([all]), counter]);
}

// CBOR by hand (RFC 8949): two maps of fixed shape need no library.
function coseKey(publicKey: KeyObject): Buffer {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}, each coordinate a byte string of 32.
  const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
  return Buffer.concat([
    ...[head, Buffer.from(x, "base64url")],
    ...[Buffer.from([0x22, 0x58, 0x20]), Buffer.from(y, "base64url")],
  ]);
}

function attestationObject(authData: Buffer): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
  const length = Buffer.from([0x58, authData.length]);
  return Buffer.concat([
    ...[Buffer.from([0xa3]), text("fmt"), text("none"), text("attStmt"), Buffer.from([0xa0])],
    ...[text("authData"), length, authData],
  ]);
}
