import { defineRule, evidenceOf, type Seen, type Sighting } from "../rule.ts";
import { textFact, textsFact } from "../signals.ts";

const ACCOUNT_MANIPULATION = "T1098";
const CLOUD_CREDENTIALS = "T1098.001";
const CLOUD_ROLES = "T1098.003";
const CLOUD_ACCOUNT = "T1136.003";
const TRUST_MODIFICATION = "T1484.002";
const MFA_MODIFICATION = "T1556.006";
const ELEVATED_ACCESS = "T1548.005";

/** What speaks of a call: whether it is suspect, how much, and which technique it is. */
interface Grant {
  readonly mitre: string;
  readonly strong: boolean;
}

type GrantReader = (seen: Seen) => Grant | undefined;

/** Calls that give access away, or make it last, by action. */
const GRANTS: ReadonlyMap<string, GrantReader> = new Map<string, GrantReader>(
  Object.entries({
    "iam:AddUserToGroup": (seen) => unlessOwn(seen, CLOUD_ROLES),
    "iam:AttachGroupPolicy": (seen) => ifPowerful(seen),
    "iam:AttachRolePolicy": (seen) => ifPowerful(seen),
    "iam:AttachUserPolicy": (seen) => ifPowerful(seen) ?? unlessOwn(seen, CLOUD_ROLES),
    "iam:CreateAccessKey": (seen) => forAnother(seen, CLOUD_CREDENTIALS),
    "iam:CreateLoginProfile": (seen) => forAnother(seen, CLOUD_CREDENTIALS),
    "iam:CreateOpenIDConnectProvider": () => ({ mitre: TRUST_MODIFICATION, strong: false }),
    "iam:CreatePolicy": (seen) => ifPowerful(seen),
    "iam:CreatePolicyVersion": (seen) => ifPowerful(seen),
    "iam:CreateRole": (seen) => ifOutsideTrusted(seen),
    "iam:CreateSAMLProvider": () => ({ mitre: TRUST_MODIFICATION, strong: false }),
    "iam:CreateUser": () => ({ mitre: CLOUD_ACCOUNT, strong: false }),
    "iam:DeactivateMFADevice": (seen) => forAnother(seen, MFA_MODIFICATION),
    "iam:DeleteRolePermissionsBoundary": () => ({ mitre: ACCOUNT_MANIPULATION, strong: true }),
    "iam:DeleteUserPermissionsBoundary": () => ({ mitre: ACCOUNT_MANIPULATION, strong: true }),
    "iam:PutGroupPolicy": (seen) => ifPowerful(seen),
    "iam:PutRolePolicy": (seen) => ifPowerful(seen),
    "iam:PutUserPolicy": (seen) => ifPowerful(seen) ?? unlessOwn(seen, CLOUD_ROLES),
    "iam:SetDefaultPolicyVersion": () => ({ mitre: CLOUD_ROLES, strong: false }),
    "iam:UpdateAssumeRolePolicy": (seen) => ifOutsideTrusted(seen) ?? unlessOwn(seen, CLOUD_ROLES),
    "iam:UpdateLoginProfile": (seen) => forAnother(seen, CLOUD_CREDENTIALS),
    "iam:UpdateSAMLProvider": () => ({ mitre: TRUST_MODIFICATION, strong: false }),
    "rolesanywhere:CreateProfile": () => ({ mitre: CLOUD_CREDENTIALS, strong: false }),
    "rolesanywhere:CreateTrustAnchor": () => ({ mitre: CLOUD_CREDENTIALS, strong: true }),
    "sts:GetFederationToken": () => ({ mitre: "T1550.001", strong: false }),
  } satisfies Readonly<Record<string, GrantReader>>),
);

/** Somebody is given more, or gives themselves a way back; or a role is taken on after refusals. */
export const privilegeEscalation = defineRule({
  name: "privilege.escalation",
  severity: "high",
  mitre: [ACCOUNT_MANIPULATION],
  thresholds: { refusals: 2, windowSeconds: 300 },
  remembers: "each_record",
  observe: (seen) => {
    const { record, principal } = seen;
    if (/^sts:AssumeRole/.test(record.action) && record.outcome !== "error") {
      return [{ key: principal, label: `assume|${record.outcome}` }];
    }
    const grant = GRANTS.get(record.action)?.(seen) ?? rolesGranted(seen);
    if (grant === undefined) return [];
    return [sightingOf(seen, grant)];
  },
  judge: (window, latest, thresholds) => {
    const [kind, what = "", mitre = "", isStrong] = latest.label.split("|");
    if (kind === "grant") {
      const severity = isStrong === "strong" && latest.detail === "success" ? "high" : "medium";
      const attempted = latest.detail === "success" ? "" : " (attempted)";
      return { summary: `${what}${attempted}.`, evidence: latest.ids, severity, mitre: [mitre] };
    }
    // Whichever of them comes last: a refusal may be on record after the success that it came before.
    const taken = window.findLast(({ label }) => label === "assume|success");
    if (taken === undefined || latest.lastAtMs > taken.lastAtMs) return undefined;
    const refused = window.filter(
      ({ label, lastAtMs }) => label === "assume|denied" && lastAtMs <= taken.lastAtMs,
    );
    if (refused.length < thresholds.refusals) return undefined;
    return {
      summary: `A role taken on after ${refused.length} refusals.`,
      evidence: evidenceOf([...refused, taken]),
      severity: "medium",
      mitre: [ELEVATED_ACCESS],
    };
  },
});

function sightingOf({ record, principal }: Seen, { mitre, strong }: Grant): Sighting {
  const target = textFact(record, "targetUser") ?? record.resource?.id ?? "the account";
  const what = `${record.action} on ${target}`.replaceAll("|", " ");
  return {
    key: principal,
    label: ["grant", what, mitre, strong ? "strong" : "weak"].join("|"),
    detail: record.outcome,
  };
}

function ifPowerful({ record }: Seen): Grant | undefined {
  const power = textFact(record, "policyPower");
  return power === undefined ? undefined : { mitre: CLOUD_ROLES, strong: true };
}

function ifOutsideTrusted({ record }: Seen): Grant | undefined {
  const isOpen =
    record.attributes?.["publicPrincipal"] === true || textsFact(record, "trustsOutside").length > 0;
  return isOpen ? { mitre: CLOUD_ROLES, strong: true } : undefined;
}

function forAnother({ record }: Seen, mitre: string): Grant | undefined {
  const target =
    textFact(record, "targetUser") ?? (record.resource?.type === "user" ? record.resource.id : undefined);
  return target === undefined || target === record.actor.name ? undefined : { mitre, strong: true };
}

function unlessOwn({ record, isOwnMade }: Seen, mitre: string): Grant | undefined {
  return record.resource !== undefined && isOwnMade(record.resource) ? undefined : { mitre, strong: false };
}

/** This product's own roles: owner or admin given to somebody. */
function rolesGranted({ record }: Seen): Grant | undefined {
  if (!/^(user|tenant):/.test(record.action)) return undefined;
  const isRaised = (record.changes ?? []).some(({ path, from, to }) => {
    if (!path.endsWith("/roles") || !Array.isArray(to)) return false;
    const before: readonly unknown[] = Array.isArray(from) ? from : [];
    return ["owner", "admin"].some((role) => to.includes(role) && !before.includes(role));
  });
  return isRaised
    ? { mitre: ACCOUNT_MANIPULATION, strong: record.resource?.id === record.actor.id }
    : undefined;
}
