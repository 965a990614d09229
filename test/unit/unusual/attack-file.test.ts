import { readFileSync } from "node:fs";
import { defaultSettings, detect, type Finding } from "../../../lib/unusual/detect.ts";
import type { Window } from "../../../lib/unusual/window.ts";
import { activityOf, alertsOf, findingsIn } from "./shown.ts";

interface Labels {
  readonly steps: readonly { readonly step: string; readonly records: readonly string[] }[];
  readonly aside: Readonly<Record<string, readonly string[]>>;
}

const read = (name: string) => JSON.parse(readFileSync(`test/data/${name}`, "utf8"));
const records = activityOf(read("cloudtrail-2023-07-10.json"));
const labels: Labels = read("cloudtrail-2023-07-10.labels.json");
const attack = new Set(labels.steps.flatMap((step) => step.records));

const evidenceIn = (findings: readonly Finding[]) => new Set(findings.flatMap(({ evidence }) => evidence));
const findings = findingsIn(records);
const evidence = evidenceIn(findings);

test("the alerts are these nine", () => {
  const lines = alertsOf(findings).map(
    ({ rule, severity, evidence: ids, mitre, userId }) =>
      `${rule} ${severity} ${ids.length} ${mitre.join("+")} ${userId?.replace(/^.*:(user|assumed-role)\//, "")}`,
  );
  expect(lines).toEqual([
    "privilege.escalation medium 23 T1548.005 bert-jan",
    "access.denied_burst medium 29 T1580 stratus-red-team-ec2-get-password-data-role/aws-go-sdk-1688990082523310002",
    "credentials.exfiltrated high 2 T1552.005 undefined",
    "secrets.mass_read high 25 T1555.006 bert-jan",
    "audit.tampering high 7 T1485.001+T1562.008 bert-jan",
    "audit.tampering medium 1 T1562.008 stratus-red-team-leave-org-role/aws-go-sdk-1688990515440126480",
    "access.denied_burst medium 8 T1580 bert-jan",
    "access.denied_burst medium 15 T1580 stratus-red-team-get-usr-data-role/aws-go-sdk-1688990565286187801",
    "resource.public_exposure high 2 T1537+T1562.007 bert-jan",
  ]);
});

test("precision: every record in an alert is the attacker's (104 of 104)", () => {
  expect([...evidence].filter((id) => !attack.has(id))).toEqual([]);
  expect(evidence.size).toBe(104);
});

test("recall: 15 of 16 steps and 104 of 143 records of the attack are in an alert", () => {
  const missed = labels.steps.filter(({ records: ids }) => !ids.some((id) => evidence.has(id)));
  expect(missed.map(({ step }) => step)).toEqual(["enumeration from an instance tried"]);
  expect(labels.steps).toHaveLength(16);
  expect(attack.size).toBe(143);
});

test("the Terraform work of the same half hour is left alone", () => {
  const terraform = records.filter(({ userAgent }) => userAgent.includes("Terraform"));
  expect(terraform).toHaveLength(1487);
  expect(terraform.filter(({ id }) => evidence.has(id))).toEqual([]);
});

test("the tool's own name plays no part: without it the alerts are the same", () => {
  const nameless = records.map((record) => ({
    ...record,
    userAgent: record.userAgent.replaceAll("stratus-red-team", "tool"),
  }));
  expect(evidenceIn(findingsIn(nameless))).toEqual(evidence);
});

test("the labels are of this file, and of no record twice", () => {
  const ids = new Set(records.map(({ id }) => id));
  const labelled = [...labels.steps.flatMap((step) => step.records), ...Object.values(labels.aside).flat()];
  expect(labelled.filter((id) => !ids.has(id))).toEqual([]);
  expect(new Set(labelled).size).toBe(labelled.length);
});

test("records that come a second late, or one by one, are found all the same", () => {
  const late = records
    .map((record, index) => ({ record, order: record.timeMs + ((index * 7919) % 1000) }))
    .sort((a, b) => a.order - b.order);
  const windows = new Map<string, Window>();
  const found: Finding[] = [];
  for (const { record } of late) {
    const detection = detect(windows, record, { settings: defaultSettings() });
    for (const [key, window] of detection.changed) windows.set(key, window);
    found.push(...detection.findings);
  }
  expect(evidenceIn(found)).toEqual(evidence);
});
