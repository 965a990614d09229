import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import { strangerOf } from "./log-in.ts";
import type { SignInStore } from "./sign-in-store.ts";

/** What asking for a new password needs. */
export interface RequestPasswordResetDeps {
  readonly signIns: Pick<SignInStore, "find">;
  readonly hostNetwork: (ip: string) => string;
  readonly platformTenantId: string;
  readonly now: () => EpochMs;
}

/**
 * Puts the wish for a new password on record, and does no more. The letter follows from the record, by the table's
 * stream: the answer neither says nor shows by its time whether there is such an account.
 */
export async function requestPasswordReset(
  deps: RequestPasswordResetDeps,
  { email, ip }: { readonly email: string; readonly ip: string },
  trail: Trail,
): Promise<void> {
  const { login } = await deps.signIns.find(email, deps.hostNetwork(ip), deps.now());
  const stranger = strangerOf(deps, email);
  trail.by(
    login === undefined
      ? stranger
      : { ...stranger, tenantId: login.tenantId, actor: { type: "user", id: login.userId, name: email } },
  );
}
