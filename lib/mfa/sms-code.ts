import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";

/** How long a code sent by SMS is good for (contract section 2). */
const SMS_CODE_LIFETIME_MS = 300_000;

const SEND_INTERVAL_MS = 30_000;
/** How long a code that was sent counts against the limit of sends. */
export const SEND_WINDOW_MS = 3_600_000;
const SENDS_PER_WINDOW = 5;
const SENDS_PER_WINDOW_OF_OWNER = 10;

/** The code that a phone was sent last. A new one takes its place; using it removes it. */
export interface PendingSmsCode {
  readonly hash: string;
  readonly sentAtMs: EpochMs;
}

/** What was sent to one phone. */
export interface SentCode {
  /** When codes were sent in the last hour, oldest first. */
  readonly sends: readonly EpochMs[];
  readonly pending?: PendingSmsCode;
}

/** What was sent to the phones of one user, by the factor's id. */
export type SentCodes = ReadonlyMap<string, SentCode>;

/** Keeps what was sent, for as long as it counts. */
export interface SentCodeStore {
  /** Puts a new code in the place of the one before; `false` where another one was sent since `before` was read. */
  replace(
    phone: { readonly tenantId: string; readonly userId: string; readonly factorId: string },
    codes: { readonly before: SentCode | undefined; readonly after: SentCode },
    trail: Trail | undefined,
  ): Promise<boolean>;
}

/** Sends short messages. When it returns the message is on its way. `code` is what it is about; it never goes on record. */
export interface TextMessages {
  send(message: { readonly to: string; readonly text: string; readonly code: string }): Promise<void>;
}

/** Makes six-digit codes and compares them without keeping them. */
export interface OneTimeCodes {
  /** Six digits, each value as likely as another. */
  generate(): string;
  /** `context` names what the code is good for: its factor and its challenge. */
  hash(context: string, code: string): Promise<string>;
  matches(context: string, code: string, hash: string): Promise<boolean>;
}

/** Whether a sent code may still be used: not at 5 min sharp. */
export function isSmsCodeAlive(pending: Pick<PendingSmsCode, "sentAtMs">, nowMs: EpochMs): boolean {
  return nowMs < pending.sentAtMs + SMS_CODE_LIFETIME_MS;
}

/**
 * How long a factor must wait before it is sent another code: at most one in 30 s and five in 1 h (contract section
 * 2). 0 where it may be sent now. `sentAtMs` is oldest first.
 */
export function smsWaitMs(sentAtMs: readonly EpochMs[], nowMs: EpochMs): number {
  const latest = sentAtMs.at(-1);
  const fifthLast = sentAtMs.at(-SENDS_PER_WINDOW);
  const afterLatest = latest === undefined ? 0 : latest + SEND_INTERVAL_MS - nowMs;
  const afterFifthLast = fifthLast === undefined ? 0 : fifthLast + SEND_WINDOW_MS - nowMs;
  return Math.max(0, afterLatest, afterFifthLast);
}

/**
 * How long the owner of several phones must wait, whichever is meant: ten codes in 1 h are enough for a person, and
 * adding phone after phone is no way to have messages sent to strangers.
 */
export function ownerWaitMs(sentCodes: SentCodes, nowMs: EpochMs): number {
  const sends = [...sentCodes.values()].flatMap((sent) => sent.sends).sort((one, other) => one - other);
  const deciding = sends.at(-SENDS_PER_WINDOW_OF_OWNER);
  return deciding === undefined ? 0 : Math.max(0, deciding + SEND_WINDOW_MS - nowMs);
}

/** The times to keep after a code was sent at `nowMs`: those that still count, at most five. */
export function withSend(sentAtMs: readonly EpochMs[], nowMs: EpochMs): readonly EpochMs[] {
  return [...sentAtMs.filter((atMs) => atMs + SEND_WINDOW_MS > nowMs), nowMs].slice(-SENDS_PER_WINDOW);
}
