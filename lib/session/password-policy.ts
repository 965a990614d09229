import { invalidField } from "../errors.ts";

/** Shortest password where it is the only factor (NIST SP 800-63B-4 section 3.1.1.2), in code points after NFKC. */
const PASSWORD_LENGTH_MIN_ALONE = 15;

/** Shortest password where the tenant demands a second factor, in code points after NFKC. */
const PASSWORD_LENGTH_MIN_WITH_MFA = 8;

/** Longest password, in code points after NFKC. */
const PASSWORD_LENGTH_MAX = 128;

/** What a password must have of its own, beside names and decoration: as much as the shortest one allowed. */
const OWN_CHARACTERS_MIN = 8;

/** Shorter names would turn up in good passwords by chance. */
const NAME_LENGTH_MIN = 4;

/** How many characters one that follows from none before it may carry along in a sequence, itself included. */
const CHARACTERS_PER_JUMP = 4;

/** Hashes passwords. */
export interface PasswordHasher {
  /** A PHC string with a salt of its own. */
  hash(password: string): Promise<string>;
  /** Takes the same time for `undefined`, a user who has no password or does not exist, and is then false. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** Whether the hash was made with other settings than those of today. */
  needsRehash(hash: string): boolean;
}

/** The passwords that attackers try first. */
export interface CommonPasswords {
  /** `password` in NFKC and lower case. */
  has(password: string): boolean;
}

/** A password that someone wants to set, and where. */
export interface NewPassword {
  readonly password: string;
  /** Where the request has it. */
  readonly pointer: string;
  /** Whether the tenant's policy demands a second factor. */
  readonly isMfaRequired: boolean;
  /** The names of the product, of the tenant and of the user, and the user's e-mail address. */
  readonly names: readonly string[];
}

/**
 * Brings a password that someone signs in with to the form that is hashed: NFKC, nothing else changed or cut off.
 * @throws AppError `request.invalid` at `pointer` for a lone surrogate, since two different ones would hash alike,
 * and for more than 128 code points
 */
export function normalisePassword(password: string, pointer: string): string {
  if (!password.isWellFormed()) throw invalidField(pointer, "must be well-formed Unicode");
  // One code point becomes 18 at most under NFKC: what is far too long need not be normalised to know it.
  const normalised = password.length > 4 * PASSWORD_LENGTH_MAX ? password : password.normalize("NFKC");
  if (lengthOf(normalised) > PASSWORD_LENGTH_MAX) {
    throw invalidField(pointer, `must have at most ${PASSWORD_LENGTH_MAX} characters`);
  }
  return normalised;
}

/**
 * Holds a new password to the policy and gives it in NFKC. There are no composition rules. Refused is, in any case:
 * a common password, also with up to seven digits and signs around it; one short or common piece repeated; a
 * sequence; and names that leave fewer than eight letters and digits beside them. Names of fewer than four
 * characters do not count.
 * @throws AppError `request.invalid` at `pointer`, with the reason
 */
export function checkNewPassword(common: CommonPasswords, wanted: NewPassword): string {
  const password = normalisePassword(wanted.password, wanted.pointer);
  const lengthMin = wanted.isMfaRequired ? PASSWORD_LENGTH_MIN_WITH_MFA : PASSWORD_LENGTH_MIN_ALONE;
  const reason = weaknessOf(common, { password, lengthMin, names: wanted.names });
  if (reason !== undefined) throw invalidField(wanted.pointer, reason);
  return password;
}

interface Candidate {
  readonly password: string;
  readonly lengthMin: number;
  readonly names: readonly string[];
}

function weaknessOf(common: CommonPasswords, candidate: Candidate): string | undefined {
  const { lengthMin, names } = candidate;
  if (lengthOf(candidate.password) < lengthMin) return `must have at least ${lengthMin} characters`;
  const password = candidate.password.toLowerCase();
  if (isCommon(common, password)) return "must not be a commonly used password";
  const piece = repeatedPiece(password);
  if (piece !== undefined && (lengthOf(piece) < lengthMin || isCommon(common, piece))) {
    return "must not repeat one short piece";
  }
  if (isWalk(password)) return "must not be a sequence of neighbouring letters, digits or keys";
  if (isMostlyNames(password, names)) {
    return "must not be made of the product's, the organisation's or your own name or address";
  }
  return undefined;
}

/** In the list, or a word of the list with a few digits and signs around it (`password2026!!!`). */
function isCommon(common: CommonPasswords, password: string): boolean {
  if (common.has(password)) return true;
  const word = password.replace(/^\P{L}+|\P{L}+$/gu, "");
  return lengthOf(password) - lengthOf(word) < OWN_CHARACTERS_MIN && common.has(word);
}

/** What is there over and over, the last time perhaps cut short: `abc` of `abcabcabcabcabca`. */
function repeatedPiece(password: string): string | undefined {
  const characters = [...password];
  for (let period = 1; period <= characters.length / 2; period += 1) {
    if (characters.every((character, index) => index < period || character === characters[index - period])) {
      return characters.slice(0, period).join("");
    }
  }
  return undefined;
}

// The rows of QWERTY, QWERTZ and AZERTY, and the columns down which people walk.
const KEY_LINES = [
  ..."1234567890 qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn".split(" "),
  ..."1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 8ik, 9ol. 0p;/".split(" "),
];

const NEIGHBOURS = new Set(
  KEY_LINES.flatMap((line) =>
    [...line].slice(1).flatMap((key, index) => [`${line[index]}${key}`, `${key}${line[index]}`]),
  ),
);

/**
 * Three in four characters or more follow from the one before, along the keyboard, the alphabet or the digits:
 * `qwertyuiopasdfgh`, `123456789012345`, `1qaz2wsx3edc4rfv`.
 */
function isWalk(password: string): boolean {
  const characters = [...password];
  const jumps = characters.filter((character, index) => !follows(characters[index - 1], character));
  return jumps.length * CHARACTERS_PER_JUMP <= characters.length;
}

function follows(before: string | undefined, character: string): boolean {
  if (before === undefined) return false;
  const distance = (character.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0);
  return Math.abs(distance) <= 1 || NEIGHBOURS.has(before + character);
}

/** What is left without the names has fewer than 8 letters and digits: `Northwind-2026!!!!`. */
function isMostlyNames(password: string, names: readonly string[]): boolean {
  const compact = lettersAndDigits(password);
  const words = names.flatMap(wordsOf).sort((one, other) => other.length - one.length);
  const own = words.reduce((rest, word) => rest.replaceAll(word, ""), compact);
  return own !== compact && lengthOf(own) < OWN_CHARACTERS_MIN;
}

/** A name as a whole and in its parts: `ada.lovelace@example.com` gives itself, its local part, `lovelace`, `example`. */
function wordsOf(name: string): readonly string[] {
  const lower = name.normalize("NFKC").toLowerCase();
  const [beforeAt = ""] = lower.split("@");
  return [lower, beforeAt, ...lower.split(/[^\p{L}\p{N}]+/u)]
    .map(lettersAndDigits)
    .filter((word) => lengthOf(word) >= NAME_LENGTH_MIN);
}

function lettersAndDigits(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, "");
}

function lengthOf(text: string): number {
  return [...text].length;
}
