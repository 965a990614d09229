import type { Account, Login } from "../identity/account-store.ts";
import type { Invitation } from "../identity/invitation.ts";
import { ENROLMENT_LIFETIME_MS, type Factor } from "../mfa/factor.ts";
import type { StoredRecoveryCode } from "../mfa/recovery-code.ts";
import { tenantOf, userOf } from "./identity-item.ts";
import { document, type Item, number, optionalNumber, optionalText, present, text, toItem } from "./item.ts";

/**
 * A factor as a row. What is written under a condition stands beside the document: when it was verified, the last
 * step of a TOTP and the counter of a passkey. One that is never verified leaves by itself.
 */
export function factorItem({ tenantId, userId }: Login, factor: Factor): Item {
  const { factorId, type, createdAtMs, verifiedAtMs } = factor;
  return toItem({
    pk: `${tenantId}#${userId}`,
    sk: `factor#${factorId}`,
    type,
    verifiedAtMs,
    lastStep: type === "totp" ? factor.lastUsedStep : undefined,
    signCount: type === "passkey" ? factor.credential?.signCount : undefined,
    factor,
    ttl: verifiedAtMs === undefined ? Math.ceil((createdAtMs + ENROLMENT_LIFETIME_MS) / 1000) : undefined,
  });
}

/**
 * Puts an account together from its rows: `identity` has the user's and the tenant's, `secrets` all that is kept for
 * signing in. `undefined` where there is no such user.
 */
export function accountOf(identity: readonly Item[], secrets: readonly Item[]): Account | undefined {
  const tenant = identity.find((row) => row["sk"]?.S === "tenant");
  const user = identity.find((row) => row["sk"]?.S !== "tenant");
  if (tenant === undefined || user === undefined) return undefined;
  const secret = (sk: string) => secrets.find((row) => text(row, "sk") === sk);
  const [password, recovery, invitation] = [secret("password"), secret("recovery"), secret("invitation")];
  return {
    user: userOf(user),
    tenant: tenantOf(tenant),
    ...present("invitation", invitation && invitationOf(invitation)),
    ...present("passwordHash", password && text(password, "hash")),
    factors: secrets.filter((row) => text(row, "sk").startsWith("factor#")).map(factorOf),
    recoveryCodes: recovery === undefined ? [] : recoveryCodesOf(recovery),
  };
}

function factorOf(item: Item): Factor {
  const factor = document<Factor>(item, "factor");
  const signCount = optionalNumber(item, "signCount");
  switch (factor.type) {
    case "totp":
      return { ...factor, ...present("lastUsedStep", optionalNumber(item, "lastStep")) };
    case "passkey":
      return factor.credential === undefined || signCount === undefined
        ? factor
        : { ...factor, credential: { ...factor.credential, signCount } };
    case "sms":
      return factor;
  }
}

function invitationOf(item: Item): Invitation {
  return { invitationId: text(item, "invitationId"), expiresAtMs: number(item, "expiresAtMs") };
}

/** Recovery codes as a row, each in an attribute of its own: using one removes it, under the condition that it is there. */
export function recoveryItem({ tenantId, userId }: Login, codes: readonly StoredRecoveryCode[]): Item {
  return toItem({
    pk: `${tenantId}#${userId}`,
    sk: "recovery",
    count: codes.length,
    ...Object.fromEntries(codes.map(({ hash }, index) => [`code${index}`, hash])),
  });
}

function recoveryCodesOf(item: Item): readonly StoredRecoveryCode[] {
  const count = optionalNumber(item, "count") ?? 0;
  return Array.from({ length: count }, (_, index) => {
    const hash = optionalText(item, `code${index}`);
    return hash === undefined ? { hash: "", usedAtMs: 0 } : { hash };
  });
}
