import type { KeyObject } from "node:crypto";
import type { PublicKeys } from "../session/token.ts";
import type { EpochMs } from "../time.ts";
import type { Secrets, SecretsSource, SigningKey } from "./secrets.ts";

/** The keys that sign and verify, by the rotation rule: published, then signing, then verifying only, then gone. */
export interface SigningKeys extends PublicKeys {
  /** The key that signs now: of the active ones the newest. */
  signer(): Promise<SigningKey>;
  /** The key of that name, or `undefined` if there never was one or it has retired. */
  verificationKey(kid: string): Promise<KeyObject | undefined>;
}

/** Tells which key does what at this moment, from the deployment's secrets. */
export function signingKeys(deps: {
  readonly secrets: SecretsSource;
  readonly now: () => EpochMs;
}): SigningKeys {
  const unretired = (secrets: Secrets) => secrets.signingKeys.filter((key) => deps.now() < key.retiredAtMs);

  return {
    async signer() {
      const active = unretired(await deps.secrets.current()).filter((key) => key.activeFromMs <= deps.now());
      const newest = active.toSorted((one, other) => other.activeFromMs - one.activeFromMs)[0];
      if (newest === undefined) throw new Error("No signing key is active.");
      return newest;
    },
    async verificationKey(kid) {
      const known = find(await deps.secrets.current(), kid);
      // A key this process has not heard of may be one that came in since it last looked.
      const key = known ?? find(await deps.secrets.reloaded(), kid);
      return key !== undefined && deps.now() < key.retiredAtMs ? key.publicKey : undefined;
    },
    async jwks() {
      return { keys: unretired(await deps.secrets.current()).map((key) => key.publicJwk) };
    },
  };
}

function find(secrets: Secrets, kid: string): SigningKey | undefined {
  return secrets.signingKeys.find((key) => key.kid === kid);
}
