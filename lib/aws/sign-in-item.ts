import type { Login } from "../identity/account-store.ts";
import type { PendingSmsCode, SentCode, SentCodes } from "../mfa/sms-code.ts";
import type { FailedAttempt, FailedAttempts } from "../session/failed-attempts.ts";
import type { LoginChallenge } from "../session/login-challenge.ts";
import { document, type Item, number, optionalDocument, present } from "./item.ts";

/** The key of a sign-in's challenge. */
export function challengeKey({ tenantId, userId }: Login, challengeId: string): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: `challenge#${challengeId}` } };
}

/** The key of the failed attempts on one account. */
export function attemptsKey({ tenantId, userId }: Login): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: "attempts" } };
}

/** The key of the codes sent to one user's phones. */
export function codesKey({ tenantId, userId }: Login): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: "codes" } };
}

/** The key of the failures of one address within one span of time. */
export function addressKey(source: string, span: number): Item {
  return { pk: { S: `address#${source}` }, sk: { S: `failed#${span}` } };
}

/** The key of the mark that a passkey's challenge was answered. */
export function passkeyChallengeKey(challenge: string): Item {
  return { pk: { S: `passkey#${challenge}` }, sk: { S: "used" } };
}

/** Reads a challenge back. */
export function challengeOf(item: Item): LoginChallenge {
  return {
    ...document<Omit<LoginChallenge, "wrongCodes">>(item, "challenge"),
    wrongCodes: number(item, "wrongCodes"),
  };
}

const FAILED = "f_";

/** The attribute that one failure stands in: adding and removing them needs no condition. */
export function failureName(id: string): string {
  return `${FAILED}${id}`;
}

/** Writes a failure. */
export function failureText({ atMs, source }: FailedAttempt): string {
  return `${atMs} ${source}`;
}

/** Reads the failed attempts on an account. */
export function attemptsOf(item: Item | undefined): FailedAttempts {
  if (item === undefined) return { total: 0, kept: [] };
  const kept = Object.entries(item).flatMap(([name, value]) => {
    if (!name.startsWith(FAILED)) return [];
    const [at = "", source = ""] = (value.S ?? "").split(" ");
    return [{ id: name.slice(FAILED.length), source, atMs: Number(at) }];
  });
  return { total: number(item, "total"), kept };
}

const SENDS = "sends_";
const PENDING = "pending_";

/** The attributes that tell of one phone: when it was sent codes, and the code that is good. */
export function codeNames(factorId: string): { readonly sends: string; readonly pending: string } {
  return { sends: `${SENDS}${factorId}`, pending: `${PENDING}${factorId}` };
}

/** Reads what was sent to a user's phones. */
export function sentCodesOf(item: Item | undefined): SentCodes {
  const names = Object.keys(item ?? {}).filter((name) => name.startsWith(SENDS));
  return new Map(names.map((name) => [name.slice(SENDS.length), sentCodeOf(item ?? {}, name)]));
}

function sentCodeOf(item: Item, sendsName: string): SentCode {
  const { pending } = codeNames(sendsName.slice(SENDS.length));
  return {
    sends: document<readonly number[]>(item, sendsName),
    ...present("pending", optionalDocument<PendingSmsCode>(item, pending)),
  };
}
