/** What stands where a secret was, so that a reader of the log knows that there was one. */
const REMOVED = "[removed]";

/** Words that name a secret, wherever they stand in a member's name (`sessionToken`, `db_password`, `x-api-key`). */
const SECRET_WORDS = new Set([
  "authorization",
  "cookie",
  "cookies",
  "credential",
  "credentials",
  "otp",
  "passphrase",
  "passwd",
  "password",
  "passwords",
  "pin",
  "pwd",
  "secret",
  "secrets",
  "token",
  "tokens",
  "totp",
]);

/** Words that name a secret only together with one of those before them. */
const SECRET_PAIRS: Readonly<Record<string, readonly string[]>> = {
  code: [
    "access",
    "auth",
    "authorization",
    "backup",
    "mfa",
    "otp",
    "recovery",
    "security",
    "sms",
    "verification",
  ],
  codes: ["backup", "recovery"],
  key: ["access", "api", "encryption", "private", "secret", "sealing", "signing"],
  keys: ["access", "api", "encryption", "private", "secret", "sealing", "signing"],
};

/** Last words of a name that only says which secret it was (`accessKeyId`, `secretArn`). */
const MERE_NAMES = new Set(["arn", "id", "ids", "name", "names", "type"]);

/** Values that are secrets under any name: JSON web tokens, credentials of HTTP and private keys. */
const SECRET_VALUES = [
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b(?:Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/**
 * Takes the secrets out of what another service says of an action: members whose name says that they hold one, and
 * texts that are one. What only tells whether there is one (`true`, `false`, `null`) stays.
 */
export function stripSecrets(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isOfSecret = typeof attributes["path"] === "string" && namesSecret(attributes["path"]);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const isSecret = namesSecret(name) || (isOfSecret && (name === "from" || name === "to"));
      return [
        name,
        isSecret && typeof value !== "boolean" && value !== null ? REMOVED : withoutSecrets(value),
      ];
    }),
  );
}

/** Takes the secrets out of a document that somebody is shown who is to see none: of changes, those of a secret member too. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === "string") {
    return SECRET_VALUES.reduce((text, pattern) => text.replace(pattern, REMOVED), value);
  }
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return typeof value === "object" && value !== null ? stripSecrets({ ...value }) : value;
}

function namesSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
  if (words.length === 1 && words[0] === "code") return true;
  if (MERE_NAMES.has(words.at(-1) ?? "")) return false;
  return words.some(
    (word, index) => SECRET_WORDS.has(word) || SECRET_PAIRS[word]?.includes(words[index - 1] ?? "") === true,
  );
}
