import { isPlatform } from "../identity/tenant.ts";
import { endedBy, endedByTime, endFoundSession, endRecord } from "../session/end-session.ts";
import { endOf } from "../session/session.ts";
import { ENDED_KEPT_MS } from "../session/session-store.ts";
import { isActingAgent } from "../session/support-view.ts";
import type { EndGrantDeps } from "../support/end-grant.ts";
import type { FollowEndsDeps } from "../support/follow-ends.ts";
import { accountTable } from "./account-table.ts";
import { systemNow } from "./clock.ts";
import { describeDevice } from "./devices.ts";
import { guidanceTable } from "./guidance-table.ts";
import { platform, sessionEnding } from "./platform.ts";
import { sessionTable } from "./session-table.ts";
import { sessionFinder, supportTable } from "./support-table.ts";
import { tenantTable } from "./tenant-table.ts";
import { userTable } from "./user-table.ts";

/** What the support functions need, beside what every endpoint does. */
export function supportPorts() {
  return {
    ...platform(),
    ...grantEnding(),
    finder: sessionFinder(),
    accounts: accountTable(),
    tenants: tenantTable(),
    users: userTable(),
    guidance: guidanceTable(),
    keptMs: ENDED_KEPT_MS,
    describeDevice,
    isActingAgent,
    isPlatform,
    endOf,
  };
}

/** What following the ends of sessions needs. */
export function followEndsPorts(): FollowEndsDeps {
  const ending = sessionEnding();
  return {
    ...grantEnding(),
    tenants: tenantTable(),
    sessionEnds: { endFound: (found) => endFoundSession(ending, found) },
  };
}

function grantEnding() {
  return { grants: supportTable(), sessions: sessionTable(), endRecord: endRecordOf, now: systemNow };
}

/** Of a support session's end, which is the agent's doing in their user's name, the user's, or the system's. */
const endRecordOf: EndGrantDeps["endRecord"] = ({ session, end, retentionDays, trail, actor }) => {
  const by =
    trail === undefined
      ? endedByTime({ session, policy: { activityRetentionDays: retentionDays } })
      : { ...endedBy(trail), ...(actor && { actor }) };
  return endRecord(sessionEnding(), { session, end, by });
};
