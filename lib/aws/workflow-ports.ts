import { rolesToGive } from "../access/check-grant.ts";
import { matches, parseGlob } from "../access/glob.ts";
import type { Trail } from "../activity/trail.ts";
import { minorUnitOf } from "../billing/currency.ts";
import { rateTenant } from "../billing/rate-tenant.ts";
import { pricesOf } from "../billing/tenant-prices.ts";
import type { Tenant } from "../identity/tenant.ts";
import { trailOwnerOf } from "../session/actor.ts";
import { endOfRows } from "../session/authenticate-caller.ts";
import { endedBy, endFoundSession, endSession, type FoundEnd } from "../session/end-session.ts";
import { revokeSession } from "../session/revoke-session.ts";
import { revokeSessions } from "../session/revoke-sessions.ts";
import { endOf, type Session, type SessionEnd } from "../session/session.ts";
import { type SessionStart, startSession } from "../session/start-session.ts";
import type { Period } from "../usage/usage.ts";
import { activityTable } from "./activity-table.ts";
import { apiKeySecrets } from "./api-key-secrets.ts";
import { apiKeyTable } from "./api-key-table.ts";
import { attachmentTable } from "./attachment-table.ts";
import { ratingPorts } from "./billing-ports.ts";
import { systemNow } from "./clock.ts";
import { describeDevice } from "./devices.ts";
import { env } from "./env.ts";
import { newId } from "./ids.ts";
import { platform, sessionEnding } from "./platform.ts";
import { resourceTable } from "./resource-table.ts";
import { sessionTable } from "./session-table.ts";
import { tenantTable } from "./tenant-table.ts";
import { turns } from "./turns.ts";
import { ciTokens } from "./workflow-ci-tokens.ts";
import { checkIssuer, issuerFetch } from "./workflow-issuer-fetch.ts";
import { issuerKeys } from "./workflow-issuer-keys.ts";
import { workflowRunTable } from "./workflow-run-table.ts";
import { trustTable } from "./workflow-trust-table.ts";

/** Keys in a file are those of a local run: there an issuer may be on this very machine. */
const ISSUER_RULES = { allowsLoopback: env.secrets.file !== undefined };

/** Sign-ins of one key or rule within this process take turns. */
const inTurn = turns();

/** Shared by all requests of this process, so that an issuer is asked once. */
const issuers = issuerKeys({ fetchJson: issuerFetch(ISSUER_RULES), now: systemNow });

/** What the functions need that manage keys, trust rules and runs, beside what every endpoint does. */
export function workflowPorts() {
  const sessions = sessionTable();
  const ending = { ...sessionEnding(), sessions };
  return {
    ...platform(),
    ...{ sessions, apiKeys: apiKeyTable(), trust: trustTable(), runs: workflowRunTable() },
    secrets: apiKeySecrets,
    grants: { rolesToGive },
    endOf,
    checkIssuer: (issuer: string, pointer: string) => checkIssuer(ISSUER_RULES, issuer, pointer),
    endSessions: async (tenant: Tenant, principalId: string, trail: Trail): Promise<void> => {
      await revokeSessions(ending, { tenant, userId: principalId, reason: "revoked", trail });
    },
    revokeSession: (session: Session, tenant: Tenant, trail: Trail) =>
      revokeSession(ending, { session, policy: tenant.policy, trail }),
  };
}

/** What the functions need that programs come to for tokens. */
export function oauthPorts() {
  const ports = workflowPorts();
  const starting = { ...sessionEnding(), sessions: ports.sessions, newId, inTurn };
  return {
    ...ports,
    tenants: tenantTable(),
    ciTokens: ciTokens({ keys: issuers, now: systemNow }),
    matches: (pattern: string, text: string) => matches(parseGlob(pattern), text),
    startSession: (start: SessionStart, trail: Trail) => startSession(starting, start, trail),
    trailOwnerOf,
    describeDevice,
    endOfRows,
  };
}

/** What the functions need that show and end runs. */
export function workflowRunPorts() {
  const ports = workflowPorts();
  const ending = sessionEnding();
  const rating = ratingPorts();
  return {
    ...ports,
    activity: activityTable(),
    attachments: attachmentTable(),
    resources: resourceTable(),
    rate: async (tenantId: string, period: Period) => {
      const { cards } = await pricesOf(rating, tenantId);
      return await rateTenant(rating, { tenantId, period, cards });
    },
    minorUnitOf,
    endFound: (found: FoundEnd) => endFoundSession(ending, found),
    endNow: (session: Session, end: SessionEnd, trail: Trail) =>
      endSession(ending, { session, end, by: endedBy(trail) }),
  };
}
