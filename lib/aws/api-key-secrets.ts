import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { ClientSecrets } from "../workflow/create-api-key.ts";

/** Lets whoever scans repositories for lost secrets know ours. */
const PREFIX = "ask_";

/** Secrets of API keys: 256 bits of chance, of which SHA-256 is kept. */
export const apiKeySecrets: ClientSecrets = {
  issue: () => {
    const secret = `${PREFIX}${randomBytes(32).toString("base64url")}`;
    return { secret, hash: hashOf(secret) };
  },
  isRight: (secret, expected) => timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(expected)),
};

function hashOf(secret: string): string {
  return hash("sha256", secret, "hex");
}
