import { defineRule, evidenceOf, spanSeconds } from "../rule.ts";

/** Refusals that ask for a further factor are the product's own, and no attempt at more than one may. */
const NOT_A_REFUSAL: ReadonlySet<string | undefined> = new Set([
  "auth.step_up_required",
  "mfa.enrollment_required",
]);

/** One principal is refused again and again: it tries what it may. */
export const accessDeniedBurst = defineRule({
  name: "access.denied_burst",
  severity: "medium",
  mitre: ["T1580"],
  thresholds: { refusals: 5, windowSeconds: 300 },
  remembers: "each_record",
  observe: ({ record, principal }) =>
    record.outcome === "denied" && !isSignIn(record.action) && !NOT_A_REFUSAL.has(record.errorCode)
      ? [{ key: principal, label: record.action }]
      : [],
  judge: (window, _latest, { refusals }) =>
    window.length < refusals
      ? undefined
      : {
          summary: `${window.length} refused calls within ${spanSeconds(window)} s.`,
          evidence: evidenceOf(window),
        },
});

/** Wrong passwords and codes have rules of their own. */
function isSignIn(action: string): boolean {
  return action.startsWith("auth:") || action.startsWith("signin:");
}
