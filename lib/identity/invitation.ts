import type { Seals } from "../session/token.ts";
import type { EpochMs } from "../time.ts";
import type { Mailer } from "./mail.ts";
import type { Tenant } from "./tenant.ts";
import type { User } from "./user.ts";

/** How long an invitation can be accepted: 7 days (contract section 2). At the instant itself it is over. */
export const INVITATION_LIFETIME_MS: EpochMs = 7 * 24 * 60 * 60 * 1000;

/** What the token of an invitation is sealed over. */
export interface InvitationRef {
  readonly tenantId: string;
  readonly userId: string;
  /** The one invitation of the user that is good: a later one takes its place, and accepting it uses it up. */
  readonly invitationId: string;
}

/** The invitation of a user who has no password yet: a row that goes when it is accepted. */
export interface Invitation {
  readonly invitationId: string;
  readonly expiresAtMs: EpochMs;
}

/** What writing an invitation needs. */
export interface InviteDeps {
  readonly seals: Pick<Seals, "seal">;
  readonly mailer: Mailer;
  /** The base of the console's address. */
  readonly publicUrl: string;
}

/** Seals where an invitation is, for the invited person to bring back. */
async function sealInvitation(
  seals: Pick<Seals, "seal">,
  { invitationId, expiresAtMs }: Invitation,
  { tenantId, userId }: Pick<User, "tenantId" | "userId">,
): Promise<string> {
  const ref: InvitationRef = { tenantId, userId, invitationId };
  return await seals.seal("invitation", ref, { expiresAtMs });
}

/** Reads an invitation's token; `undefined` for what was altered, has expired or is none. */
export async function openInvitation(
  seals: Pick<Seals, "open">,
  token: string,
): Promise<InvitationRef | undefined> {
  // What opens under our key is what we sealed.
  return (await seals.open("invitation", token)) as InvitationRef | undefined;
}

/** Sends the letter that invites a user, with a token that is good once and for 7 days. */
export async function sendInvitation(
  deps: InviteDeps,
  {
    user,
    tenant,
    invitation,
  }: { readonly user: User; readonly tenant: Tenant; readonly invitation: Invitation },
): Promise<void> {
  const token = await sealInvitation(deps.seals, invitation, user);
  await deps.mailer.send({
    to: user.email,
    subject: `You are invited to ${tenant.name}`,
    text: [
      `Hello ${user.name},`,
      `you are invited to ${tenant.name}. Choose a password within 7 days:`,
      // Behind the hash, so that no server on the way writes the token into its log.
      `${deps.publicUrl}/#invitation=${token}`,
      "If you do not expect this, you need not do anything.",
    ].join("\n\n"),
    token,
  });
}
