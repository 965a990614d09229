/** Whether this browser can use passkeys in the form in which the API has them (WebAuthn Level 3 section 5.1.8). */
export function canUsePasskeys(): boolean {
  return (
    typeof PublicKeyCredential === "function" &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function"
  );
}

/** Signs with a passkey. @throws Error in words for a person */
export async function signWithPasskey(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return await credentialOf(() => navigator.credentials.get({ publicKey }));
}

/** Makes a passkey. @throws Error in words for a person */
export async function createPasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return await credentialOf(() => navigator.credentials.create({ publicKey }));
}

async function credentialOf(ask: () => Promise<Credential | null>): Promise<unknown> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (cause) {
    throw new Error(passkeyWords(cause), { cause });
  }
  if (!(credential instanceof PublicKeyCredential)) throw new Error("No passkey was given.");
  return credential.toJSON();
}

function passkeyWords(cause: unknown): string {
  const name = cause instanceof DOMException ? cause.name : "";
  if (name === "InvalidStateError") return "This authenticator has a passkey for you already.";
  if (name === "SecurityError")
    return "Passkeys do not work at this address: open the console by its own name.";
  return "No passkey was used. Try again, or sign in another way.";
}
