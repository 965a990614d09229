import { addsTo, addToAlert, openAlert } from "../../../lib/unusual/alert.ts";
import type { Finding } from "../../../lib/unusual/detect.ts";
import { at } from "./shown.ts";

const finding = (given: Partial<Finding> = {}): Finding => ({
  rule: "audit.tampering",
  tenantId: "ten_1",
  severity: "medium",
  timeMs: at("10:00:00"),
  userId: "usr_ann",
  summary: "first",
  evidence: ["act_1"],
  mitre: ["T1562.008"],
  response: "alert",
  group: "audit.tampering#usr_ann",
  ...given,
});

const alert = openAlert("alr_1", finding());

test("a finding opens an alert", () => {
  expect(alert).toEqual({
    id: "alr_1",
    tenantId: "ten_1",
    rule: "audit.tampering",
    severity: "medium",
    status: "open",
    timeMs: at("10:00:00"),
    lastTimeMs: at("10:00:00"),
    userId: "usr_ann",
    summary: "first",
    evidence: ["act_1"],
    mitre: ["T1562.008"],
    group: "audit.tampering#usr_ann",
  });
});

test("the same thing within an hour adds to it", () => {
  expect(addsTo(alert, finding({ timeMs: at("11:00:00") }))).toBe(true);
  expect(addsTo(alert, finding({ timeMs: at("11:00:00") + 1 }))).toBe(false);
  expect(addsTo(alert, finding({ timeMs: at("09:00:00") }))).toBe(true);
  expect(addsTo(alert, finding({ timeMs: at("09:00:00") - 1 }))).toBe(false);
});

test("an hour counts from what was added last", () => {
  const grown = addToAlert(alert, finding({ timeMs: at("10:50:00"), evidence: ["act_2"] }));
  expect(addsTo(grown, finding({ timeMs: at("11:40:00") }))).toBe(true);
});

test("another thing, another tenant's, or a closed alert is not added to", () => {
  expect(addsTo(alert, finding({ group: "audit.tampering#usr_bob" }))).toBe(false);
  expect(addsTo(alert, finding({ tenantId: "ten_2" }))).toBe(false);
  expect(addsTo({ ...alert, status: "closed" }, finding())).toBe(false);
  expect(addsTo({ ...alert, status: "acknowledged" }, finding())).toBe(true);
});

test("an alert takes the worst severity, the last summary, and all evidence once", () => {
  const worse = finding({
    timeMs: at("10:10:00"),
    severity: "high",
    summary: "second",
    evidence: ["act_1", "act_2"],
    mitre: ["T1485.001"],
  });
  const grown = addToAlert(alert, worse);
  expect(grown).toMatchObject({
    severity: "high",
    timeMs: at("10:00:00"),
    lastTimeMs: at("10:10:00"),
    summary: "second",
    evidence: ["act_1", "act_2"],
    mitre: ["T1485.001", "T1562.008"],
  });
  expect(addToAlert(grown, worse)).toEqual(grown);
  expect(addToAlert(grown, finding())).toEqual(grown);
});
