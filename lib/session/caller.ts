import type { CompiledPolicy } from "../access/compile-roles.ts";
import type { RoleBook } from "../access/role-book.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { User } from "../identity/user.ts";
import type { SupportGrant } from "../support/support-grant.ts";
import type { EpochMs } from "../time.ts";
import type { FoundEnd } from "./end-session.ts";
import type { Session } from "./session.ts";

/** Who makes a request: a live session, whose it is, under which rules, and what its roles allow. */
export interface Caller {
  readonly tenantId: string;
  readonly userId: string;
  readonly session: Session;
  readonly user: User;
  readonly tenant: Tenant;
  /** The roles in force: the user's, or the part of them that the session asked for. */
  readonly roles: readonly string[];
  readonly policy: CompiledPolicy;
  /** The roles of the tenant, of which `policy` is made. */
  readonly roleBook: RoleBook;
}

/** The three rows that decide a request, as they were at one moment. */
export interface CallerRows {
  readonly session: Session;
  readonly user: User;
  readonly tenant: Tenant;
}

/** What a support session stands on: with any of it gone, it is over. */
export interface SupportRows {
  readonly grant: SupportGrant | undefined;
  readonly watched: Session | undefined;
  readonly agent: User | undefined;
}

/** Where a token points. */
export interface CallerKey {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * Reads session, user and tenant in one consistent round trip; `undefined` for each row that is not there. A support
 * session brings what it stands on, in a second one.
 */
export interface CallerReader {
  read(
    key: CallerKey,
  ): Promise<{ [Row in keyof CallerRows]: CallerRows[Row] | undefined } & { readonly support?: SupportRows }>;
}

/** Gives the roles of a tenant; custom ones are read again whenever `rolesVersion` moved. */
export interface RoleBooks {
  bookOf(tenant: Tenant): Promise<RoleBook>;
}

/** Writes the time a session was last seen, unless it moved or ended meanwhile. */
export interface SessionToucher {
  touch(seen: Session, nowMs: EpochMs, before: Session): Promise<void>;
}

/** Ends a session that was found to be over, once, with its one `session:end` record. */
export interface SessionEnder {
  endFound(found: FoundEnd): Promise<boolean>;
}
