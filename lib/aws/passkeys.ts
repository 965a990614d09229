import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { PasskeyCredential, PasskeyOwner, PasskeySignIn, Passkeys, PasskeyUse } from "../mfa/passkey.ts";
import { member } from "./json-member.ts";

/** The relying party. */
export interface PasskeysConfig {
  /** The domain that passkeys are bound to: `localhost` locally. */
  readonly rpId: string;
  readonly rpName: string;
  /** Where the browser may be, scheme and port included. */
  readonly origins: readonly string[];
}

/** How long the browser gives the user, as long as the challenge lives. */
const TIMEOUT_MS = 300_000;

/** Bounds each text of an answer before anything decodes it; an attestation is far smaller. */
const TEXT_LENGTH_MAX = 65_536;

/** EdDSA, ES256 and RS256 (IANA COSE algorithms), which authenticators in use speak. */
const ALGORITHMS = [-8, -7, -257];

const USER_HANDLE = /^(ten_[0-9a-hjkmnp-tv-z]{26})\.(usr_[0-9a-hjkmnp-tv-z]{26})$/;

/** WebAuthn by @simplewebauthn/server. Every reason to refuse gives `undefined`: an attacker learns none of them. */
export function passkeys(config: PasskeysConfig): Passkeys {
  const origins = [...config.origins];
  return {
    async registrationOptions({ owner, userName, displayName, existing }) {
      const options = await generateRegistrationOptions({
        ...{ rpName: config.rpName, rpID: config.rpId, userName, userDisplayName: displayName },
        userID: new Uint8Array(Buffer.from(userHandleOf(owner))),
        timeout: TIMEOUT_MS,
        attestationType: "none",
        excludeCredentials: existing.map(describe),
        authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
        supportedAlgorithmIDs: ALGORITHMS,
      });
      return { options, challenge: options.challenge };
    },
    async verifyRegistration(response, challenge) {
      const parsed = readRegistration(response);
      return parsed && verifyRegistration(config, parsed, challenge);
    },
    async signInOptions(allowed) {
      const options = await generateAuthenticationOptions({
        ...{ rpID: config.rpId, timeout: TIMEOUT_MS },
        ...(allowed === undefined ? {} : { allowCredentials: allowed.map(describe) }),
        userVerification: allowed === undefined ? "required" : "preferred",
      });
      return { options, challenge: options.challenge };
    },
    identify(response) {
      const parsed = readAssertion(response);
      return parsed && { credentialId: parsed.id, owner: ownerOf(parsed.response.userHandle) };
    },
    async verifySignIn(signIn) {
      const parsed = readAssertion(signIn.response);
      return parsed && verifySignIn({ ...config, origins }, parsed, signIn);
    },
  };
}

async function verifyRegistration(
  config: PasskeysConfig,
  response: RegistrationResponseJSON,
  challenge: string,
): Promise<PasskeyCredential | undefined> {
  const result = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: [...config.origins],
    expectedRPID: config.rpId,
    requireUserVerification: false,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(refused);
  if (result?.verified !== true) return undefined;
  const { credential, credentialDeviceType } = result.registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString("base64url"),
    signCount: credential.counter,
    transports: readTransports(response.response.transports),
    deviceBound: credentialDeviceType === "singleDevice",
  };
}

async function verifySignIn(
  config: PasskeysConfig,
  response: AuthenticationResponseJSON,
  signIn: PasskeySignIn,
): Promise<PasskeyUse | undefined> {
  const { credential, owner } = signIn;
  const { userHandle } = response.response;
  if (response.id !== credential.credentialId) return undefined;
  // An authenticator may leave the handle out where the server named the credential; another's is never right.
  if (userHandle !== undefined && userHandle !== encode(userHandleOf(owner))) return undefined;
  const result = await verifyAuthenticationResponse({
    response,
    expectedChallenge: signIn.challenge,
    expectedOrigin: [...config.origins],
    expectedRPID: config.rpId,
    credential: {
      id: credential.credentialId,
      publicKey: new Uint8Array(Buffer.from(credential.publicKey, "base64url")),
      counter: credential.signCount,
    },
    requireUserVerification: signIn.requireUserVerification,
  }).catch(refused);
  if (result?.verified !== true) return undefined;
  const { newCounter, userVerified } = result.authenticationInfo;
  return { signCount: newCounter, userVerified };
}

// The library tells every refusal by throwing a plain Error, a malformed answer and a forged one alike.
function refused(): undefined {
  return undefined;
}

function userHandleOf({ tenantId, userId }: PasskeyOwner): string {
  return `${tenantId}.${userId}`;
}

function ownerOf(userHandle: string | undefined): PasskeyOwner | undefined {
  const match = USER_HANDLE.exec(Buffer.from(userHandle ?? "", "base64url").toString());
  const [, tenantId, userId] = match ?? [];
  return tenantId === undefined || userId === undefined ? undefined : { tenantId, userId };
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function describe(credential: PasskeyCredential): { id: string; transports: string[] } {
  return { id: credential.credentialId, transports: [...credential.transports] };
}

function readTransports(transports: unknown): readonly string[] {
  if (!Array.isArray(transports)) return [];
  return transports.filter((name) => typeof name === "string" && /^[a-z-]{1,16}$/.test(name)).slice(0, 8);
}

function readRegistration(response: unknown): RegistrationResponseJSON | undefined {
  const [id, clientDataJSON] = readCommon(response);
  const attestationObject = text(member(member(response, "response"), "attestationObject"));
  if (id === undefined || clientDataJSON === undefined || attestationObject === undefined) return undefined;
  const transports = [...readTransports(member(member(response, "response"), "transports"))];
  return {
    ...{ id, rawId: id, type: "public-key", clientExtensionResults: {} },
    response: { clientDataJSON, attestationObject, transports },
  };
}

function readAssertion(response: unknown): AuthenticationResponseJSON | undefined {
  const [id, clientDataJSON] = readCommon(response);
  const inner = member(response, "response");
  const authenticatorData = text(member(inner, "authenticatorData"));
  const signature = text(member(inner, "signature"));
  if (id === undefined || clientDataJSON === undefined) return undefined;
  if (authenticatorData === undefined || signature === undefined) return undefined;
  const userHandle = member(inner, "userHandle") ?? undefined;
  if (userHandle !== undefined && text(userHandle) === undefined) return undefined;
  return {
    ...{ id, rawId: id, type: "public-key", clientExtensionResults: {} },
    response: {
      ...{ clientDataJSON, authenticatorData, signature },
      ...(typeof userHandle === "string" ? { userHandle } : {}),
    },
  };
}

function readCommon(response: unknown): [id: string | undefined, clientDataJSON: string | undefined] {
  const id = text(member(response, "id"));
  if (id !== member(response, "rawId") || member(response, "type") !== "public-key")
    return [undefined, undefined];
  return [id, text(member(member(response, "response"), "clientDataJSON"))];
}

function text(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > TEXT_LENGTH_MAX) return undefined;
  return /^[A-Za-z0-9_-]+$/.test(value) ? value : undefined;
}
