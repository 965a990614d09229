import { activityTable } from "./activity-table.ts";
import { systemNow } from "./clock.ts";
import { env } from "./env.ts";
import { mailer } from "./mailer.ts";
import { platformSeals, sha256 } from "./platform.ts";
import { sentMarkTable } from "./sent-mark-table.ts";
import { sessionTable } from "./session-table.ts";
import { signInTable } from "./sign-in-table.ts";

/** What telling people of their accounts needs. */
export function noticePorts() {
  return {
    mailer: mailer(),
    sentMarks: sentMarkTable(),
    sessions: sessionTable(),
    signIns: signInTable(),
    activity: activityTable(),
    seals: platformSeals,
    sha256,
    publicUrl: env.issuer,
    now: systemNow,
  };
}
