import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { atMost } from "../at-most.ts";
import type { PasswordHasher } from "../session/password-policy.ts";

/** Argon2id with 19 MiB, 2 passes and 1 lane: the second of OWASP's equivalent settings. */
const SETTINGS = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** How many hashes run at once: each holds 19 MiB, and the thread pool has four threads. */
const CONCURRENT_MAX = 4;

const PHC =
  /^\$argon2id\$v=19\$m=([1-9][0-9]{0,5}),t=([1-9][0-9]?),p=([1-9])\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

const runArgon2 = promisify(argon2);

interface ParsedHash {
  readonly settings: { readonly memory: number; readonly passes: number; readonly parallelism: number };
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** Argon2id hashes in the PHC string format, computed off the main thread and a few at a time. */
export function passwordHasher(): PasswordHasher {
  const limit = atMost(CONCURRENT_MAX);
  // No password has this hash, and refusing one costs what refusing a wrong password does.
  const nobody: ParsedHash = {
    settings: SETTINGS,
    salt: randomBytes(SALT_BYTES),
    tag: randomBytes(TAG_BYTES),
  };

  const derive = (password: string, { settings, salt, tag }: ParsedHash): Promise<Buffer> => {
    const message = password.normalize("NFKC");
    return limit(() => runArgon2("argon2id", { message, nonce: salt, tagLength: tag.length, ...settings }));
  };

  return {
    async hash(password) {
      const blank = { settings: SETTINGS, salt: randomBytes(SALT_BYTES), tag: Buffer.alloc(TAG_BYTES) };
      return format({ ...blank, tag: await derive(password, blank) });
    },
    async verify(password, hash) {
      const expected = hash === undefined ? nobody : parse(hash);
      return timingSafeEqual(await derive(password, expected), expected.tag) && hash !== undefined;
    },
    needsRehash(hash) {
      const { memory, passes, parallelism } = parse(hash).settings;
      return memory !== SETTINGS.memory || passes !== SETTINGS.passes || parallelism !== SETTINGS.parallelism;
    },
  };
}

function format({ settings, salt, tag }: ParsedHash): string {
  const encode = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
  const { memory, passes, parallelism } = settings;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(salt)}$${encode(tag)}`;
}

function parse(hash: string): ParsedHash {
  const match = PHC.exec(hash);
  if (match === null) throw new Error("A stored password hash is not argon2id in the PHC format.");
  const [, memory, passes, parallelism, salt = "", tag = ""] = match;
  return {
    settings: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}
