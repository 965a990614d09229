import type { CallerKey } from "../session/caller.ts";
import type { Seals } from "../session/token.ts";
import type { EpochMs } from "../time.ts";
import type { TicketUse } from "./connection.ts";

/** How long a ticket is good for (contract section 5). */
const TICKET_LIFE_SECONDS = 30;

/** What giving out tickets needs. */
export interface IssueTicketDeps {
  readonly seals: Pick<Seals, "seal">;
  /** Where feeds are opened, without a query. */
  readonly liveUrl: string;
  readonly newId: (prefix: "req") => string;
  readonly now: () => EpochMs;
}

/** A ticket and where it is good. */
export interface LiveTicket {
  readonly ticket: string;
  readonly url: string;
  readonly expiresIn: number;
}

/** What is sealed into a ticket. */
interface SealedTicket extends CallerKey, TicketUse {}

/** Gives out a ticket for one feed of a session: a token in an address would be in logs and histories. */
export async function issueTicket(deps: IssueTicketDeps, key: CallerKey): Promise<LiveTicket> {
  const { tenantId, userId, sessionId } = key;
  const expiresAtMs = deps.now() + TICKET_LIFE_SECONDS * 1000;
  const sealed: SealedTicket = { tenantId, userId, sessionId, ticketId: deps.newId("req"), expiresAtMs };
  const ticket = await deps.seals.seal("live-ticket", sealed, { expiresAtMs });
  return { ticket, url: `${deps.liveUrl}?ticket=${ticket}`, expiresIn: TICKET_LIFE_SECONDS };
}

/** Opens a ticket; `undefined` for what is none of ours, or has expired. */
export async function openTicket(
  { seals }: { readonly seals: Pick<Seals, "open"> },
  ticket: string,
): Promise<SealedTicket | undefined> {
  // Only what was sealed here opens.
  return (await seals.open("live-ticket", ticket)) as SealedTicket | undefined;
}
