import { compileRoles } from "../../../lib/access/compile-roles.ts";
import { evaluateAccess, type Subject, settles } from "../../../lib/access/evaluate-access.ts";
import type { Statement } from "../../../lib/access/statement.ts";
import { DEFAULT_POLICY, type TenantPolicy } from "../../../lib/session/policy.ts";

const NOW = 1_795_000_000_000;
const RESOURCE = { type: "report", id: "r-1" };

interface Situation {
  readonly statement?: Partial<Statement>;
  readonly policy?: Partial<TenantPolicy>;
  readonly kind?: "interactive" | "workflow";
  readonly factorVerifiedAtMs?: number;
  readonly hasFactor?: boolean;
}

function subject({
  statement,
  policy,
  kind = "interactive",
  factorVerifiedAtMs,
  hasFactor = true,
}: Situation) {
  const allow: Statement = { effect: "allow", actions: ["*"], resources: ["*"], ...statement };
  const known = {
    session: { kind, ...(factorVerifiedAtMs === undefined ? {} : { factorVerifiedAtMs }) },
    user: { userId: "usr_1", factorTypes: hasFactor ? ["totp"] : [] },
    tenant: { policy: { ...DEFAULT_POLICY, ...policy } },
    policy: compileRoles([{ name: "r", statements: [allow] }]),
  };
  // Of a session nothing else is looked at.
  return known as unknown as Subject;
}

test.each<[string, Situation, string, string]>([
  ["an ordinary action", {}, "report:read", "decided"],
  ["a sensitive one without a factor", { hasFactor: false }, "report:delete", "enrollment_required"],
  ["a sensitive one before a factor was verified", {}, "report:delete", "step_up_required"],
  ["a sensitive one 300 s after", { factorVerifiedAtMs: NOW - 300_000 }, "report:delete", "decided"],
  [
    "a sensitive one 300.001 s after",
    { factorVerifiedAtMs: NOW - 300_001 },
    "report:delete",
    "step_up_required",
  ],
  ["a sensitive one of a pipeline", { kind: "workflow", hasFactor: false }, "report:delete", "decided"],
  [
    "one under a condition that a factor would meet",
    { statement: { condition: { mfaWithinSeconds: 60 } } },
    "report:read",
    "step_up_required",
  ],
  [
    "the same for a pipeline, which has none",
    { kind: "workflow", statement: { condition: { mfaWithinSeconds: 60 } } },
    "report:read",
    "decided",
  ],
  ["one that is not allowed", { statement: { actions: ["vm:*"] } }, "report:read", "decided"],
])("%s is answered by what has to come first", (_what, situation, action, expected) => {
  expect(evaluateAccess(subject(situation), { action, resource: RESOURCE }, NOW).is).toBe(expected);
});

test.each([
  ["198.51.100.1", "address_not_allowed"],
  ["203.0.113.1", "decided"],
  [undefined, "decided"],
])("the tenant's address list is held to where the address is known: %s", (ip, expected) => {
  const caller = subject({ policy: { ipAllowList: ["203.0.113.0/24"] } });
  expect(evaluateAccess(caller, { action: "report:read", resource: RESOURCE, ip }, NOW).is).toBe(expected);
});

test.each(["subject_not_found", "session_ended", "user_disabled"] as const)(
  "a session that is not there any more may do nothing: %s",
  (absence) => {
    expect(evaluateAccess(absence, { action: "report:read", resource: RESOURCE }, NOW)).toEqual({
      is: absence,
    });
  },
);

test.each([
  ["execute_all", true, false],
  ["execute_all", false, false],
  ["deny_on_first_deny", true, false],
  ["deny_on_first_deny", false, true],
  ["permit_on_first_permit", true, true],
  ["permit_on_first_permit", false, false],
] as const)("under %s a decision of %s settles the batch: %s", (semantic, decision, expected) => {
  expect(settles(semantic, decision)).toBe(expected);
});
