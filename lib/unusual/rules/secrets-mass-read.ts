import { defineRule, evidenceOf, type Observation, type Seen, type Sighting, spanSeconds } from "../rule.ts";
import { madeBy, secretsRead, verbOf } from "../signals.ts";

/** Actions that give secrets away. */
const READS: ReadonlySet<string> = new Set([
  "ec2:GetPasswordData",
  "secretsmanager:BatchGetSecretValue",
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
]);

type Secret = ReturnType<typeof secretsRead>[number];

/** How many secrets a call counts for that reads all it finds. */
const BULK_WEIGHT = 10;

/**
 * One tool of one principal reads many different secrets in little time, other than what it wrote itself; or
 * one principal reads very many, however its tools call themselves.
 */
export const secretsMassRead = defineRule({
  name: "secrets.mass_read",
  severity: "high",
  mitre: ["T1555.006"],
  thresholds: { secrets: 10, secretsOfAllTools: 40, windowSeconds: 300 },
  remembers: "each_label",
  observe: (seen) => {
    const { record } = seen;
    if (READS.has(record.action) && record.outcome === "success") {
      return readsOf(seen).flatMap((secret) => sightingsOf(seen, secret));
    }
    // Within a second the log has no order: a read may be on record before the write that makes it harmless.
    return madeBy(record)
      .filter(({ type }) => type === "secret" || type === "parameter")
      .flatMap((secret) =>
        sightingsOf(seen, secret).map((sighting) => ({ ...sighting, detail: "own", weight: 0 })),
      );
  },
  judge: (window, latest, thresholds) => {
    const reads = window.filter(({ detail }) => detail !== "own");
    const secrets = new Set(reads.map(secretOf));
    const bulk = [...secrets].filter((secret) => secret.startsWith("bulk/")).length;
    const count = secrets.size - bulk + bulk * BULK_WEIGHT;
    const needed = latest.label.startsWith(ALL_TOOLS) ? thresholds.secretsOfAllTools : thresholds.secrets;
    if (count < needed || latest.detail === "own") return undefined;
    return { summary: `${count} secrets read within ${spanSeconds(reads)} s.`, evidence: evidenceOf(reads) };
  },
});

function readsOf({ record, isOwnMade }: Seen): readonly Secret[] {
  const isBulk =
    record.attributes?.["secretsBulk"] === true || verbOf(record.action) === "GetParametersByPath";
  if (isBulk && mayBeDecrypted(record)) return [{ type: "bulk", id: record.id }];
  const named = secretsRead(record);
  const unnamed = mayBeDecrypted(record) ? [record.resource ?? { type: "secret", id: record.id }] : [];
  return (named.length > 0 ? named : unnamed).filter((secret) => !isOwnMade(secret));
}

/** The mapping of CloudTrail names the parameters that were decrypted; other senders may not say. */
function mayBeDecrypted(record: Seen["record"]): boolean {
  const isMapped = record.attributes?.["principalType"] !== undefined;
  return !record.action.startsWith("ssm:") || !isMapped || record.attributes?.["secretNames"] !== undefined;
}

const ALL_TOOLS = "all ";

function sightingsOf({ principal, client }: Seen, { type, id }: Secret): readonly Sighting[] {
  return [
    { key: client, label: `${type}/${id}` },
    { key: principal, label: `${ALL_TOOLS}${type}/${id} ${client.slice(principal.length)}` },
  ];
}

function secretOf({ label }: Observation): string {
  return label.startsWith(ALL_TOOLS) ? label.slice(ALL_TOOLS.length, label.lastIndexOf(" |")) : label;
}
