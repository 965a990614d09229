import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { Login } from "../identity/account-store.ts";
import type { EpochMs } from "../time.ts";
import type { SmsFactor } from "./factor.ts";
import {
  type OneTimeCodes,
  ownerWaitMs,
  type SentCode,
  type SentCodeStore,
  type SentCodes,
  smsWaitMs,
  type TextMessages,
  withSend,
} from "./sms-code.ts";
import { smsContext } from "./verify-factor.ts";

/** What sending a code needs. */
export interface SendCodeDeps {
  readonly oneTimeCodes: Pick<OneTimeCodes, "generate" | "hash">;
  readonly sentCodes: SentCodeStore;
  readonly texts: TextMessages;
  readonly now: () => EpochMs;
}

/** Which phone is sent a code, and what for. */
export interface SendCode {
  readonly owner: Login;
  readonly factor: SmsFactor;
  /** What was sent to all phones of the owner. */
  readonly sentCodes: SentCodes;
  /** The id of the challenge, of the session, or of the factor itself while it is enrolled. */
  readonly purpose: string;
}

/**
 * Sends a phone a code, which takes the place of the one before. It counts as sent before it is: two calls at once
 * send one. Without a trail the code is part of something that has made its record.
 * @throws AppError `rate.limited` within 30 s of the last one, after five in an hour, and after ten in an hour to
 * whatever phones of the owner
 */
export async function sendCode(
  deps: SendCodeDeps,
  { owner, factor, sentCodes, purpose }: SendCode,
  trail: Trail | undefined,
): Promise<void> {
  const before = sentCodes.get(factor.factorId);
  const nowMs = deps.now();
  const waitMs = Math.max(smsWaitMs(before?.sends ?? [], nowMs), ownerWaitMs(sentCodes, nowMs));
  if (waitMs > 0) throw tooManyCodes(waitMs);
  const code = deps.oneTimeCodes.generate();
  const hash = await deps.oneTimeCodes.hash(smsContext(factor.factorId, purpose), code);
  const after: SentCode = {
    sends: withSend(before?.sends ?? [], nowMs),
    pending: { hash, sentAtMs: nowMs },
  };
  const phone = { ...owner, factorId: factor.factorId };
  if (!(await deps.sentCodes.replace(phone, { before, after }, trail)))
    throw tooManyCodes(smsWaitMs([nowMs], nowMs));
  await deps.texts.send({
    to: factor.phone,
    text: `${code} is your Active Session code. It is good for 5 minutes. Nobody of ours will ever ask you for it.`,
    code,
  });
}

function tooManyCodes(waitMs: number): AppError {
  return new AppError("rate.limited", "A code was sent a short while ago: wait, then try again.", {
    retryAfterSeconds: waitMs / 1000,
  });
}
