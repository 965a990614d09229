import type { Rule } from "./rule.ts";
import { accessDeniedBurst } from "./rules/access-denied-burst.ts";
import { actionDestructiveBurst } from "./rules/action-destructive-burst.ts";
import { actionFirstSeen } from "./rules/action-first-seen.ts";
import { actionRateSpike } from "./rules/action-rate-spike.ts";
import { auditTampering } from "./rules/audit-tampering.ts";
import { credentialsExfiltrated } from "./rules/credentials-exfiltrated.ts";
import { loginImpossibleTravel } from "./rules/login-impossible-travel.ts";
import { loginNewDevice } from "./rules/login-new-device.ts";
import { mfaFatigue } from "./rules/mfa-fatigue.ts";
import { passwordBruteForce } from "./rules/password-brute-force.ts";
import { passwordSpray } from "./rules/password-spray.ts";
import { privilegeEscalation } from "./rules/privilege-escalation.ts";
import { refreshReused } from "./rules/refresh-reused.ts";
import { resourcePublicExposure } from "./rules/resource-public-exposure.ts";
import { secretsMassRead } from "./rules/secrets-mass-read.ts";
import { sessionHijackSuspected } from "./rules/session-hijack-suspected.ts";
import { sessionIpChanged } from "./rules/session-ip-changed.ts";

/** All rules. A new one is a file in `rules/`, a name in `rule.ts`, and a line here. */
export const RULES: readonly Rule[] = [
  passwordSpray,
  passwordBruteForce,
  mfaFatigue,
  loginNewDevice,
  loginImpossibleTravel,
  sessionIpChanged,
  sessionHijackSuspected,
  refreshReused,
  accessDeniedBurst,
  actionFirstSeen,
  actionRateSpike,
  actionDestructiveBurst,
  secretsMassRead,
  auditTampering,
  privilegeEscalation,
  credentialsExfiltrated,
  resourcePublicExposure,
];
