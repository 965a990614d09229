import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Account } from "../identity/account-store.ts";
import { type Factor, presentFactors, type SmsFactor, usableFactors } from "./factor.ts";
import { type SendCodeDeps, sendCode } from "./send-code.ts";
import type { SentCodes } from "./sms-code.ts";

/** Which phone of an account is sent a code. */
interface Phone {
  readonly account: Account;
  readonly sentCodes: SentCodes;
  readonly factorId: string;
}

/** A phone that a sign-in sends its code to. */
export interface LoginPhone extends Phone {
  /** The id of the sign-in's challenge. */
  readonly purpose: string;
}

/** One's own phone. */
export interface OwnPhone extends Phone {
  /** Whose session is stepped up with the code; absent while there is none. */
  readonly sessionId: string | undefined;
}

/** Sends the code of a sign-in to a usable phone. @throws AppError `not_found`, `rate.limited` */
export async function sendLoginCode(deps: SendCodeDeps, phone: LoginPhone, trail: Trail): Promise<void> {
  const { account, factorId, purpose } = phone;
  const usable = usableFactors(account.factors, account.tenant.policy.allowedFactors);
  await send(deps, { ...phone, factor: phoneAmong(usable, factorId), purpose }, trail);
}

/**
 * Sends a code to a phone of one's own: to step up with where it is verified, else to verify it.
 * @throws AppError `not_found`, `rate.limited`
 */
export async function sendFactorCode(deps: SendCodeDeps, phone: OwnPhone, trail: Trail): Promise<void> {
  const { account, factorId, sessionId } = phone;
  const factor = phoneAmong(presentFactors(account.factors, deps.now()), factorId);
  const purpose = factor.verifiedAtMs === undefined ? factorId : sessionId;
  if (purpose === undefined) throw notFound();
  await send(deps, { ...phone, factor, purpose }, trail);
}

function phoneAmong(factors: readonly Factor[], factorId: string): SmsFactor {
  const factor = factors.find((candidate) => candidate.factorId === factorId);
  if (factor?.type !== "sms") throw notFound();
  return factor;
}

interface Send extends Phone {
  readonly factor: SmsFactor;
  readonly purpose: string;
}

async function send(deps: SendCodeDeps, { account, sentCodes, factor, purpose }: Send, trail: Trail) {
  const { tenantId, userId } = account.user;
  trail.about({ type: "factor", id: factor.factorId });
  await sendCode(deps, { owner: { tenantId, userId }, factor, sentCodes, purpose }, trail);
}
