// Guarantees: an SMS code is six random digits, kept only under a key, good for 5 min in its own login alone; a phone
// receives at most one in 30 s and five in 1 h (attack row T11).
import { otpCodes } from "../../../lib/aws/otp-codes.ts";
import { isSmsCodeAlive, smsWaitMs, withSend } from "../../../lib/mfa/sms-code.ts";
import { deployment } from "../tokens/deployment.ts";

test("makes six digits, leading zeros included", () => {
  const codes = otpCodes(deployment());
  const made = Array.from({ length: 2000 }, () => codes.generate());
  expect(made.every((code) => /^[0-9]{6}$/.test(code))).toBe(true);
  expect(made.some((code) => code.startsWith("0"))).toBe(true);
  expect(new Set(made).size).toBeGreaterThan(1900);
});

test("T11 matches the code in its own context alone", async () => {
  const codes = otpCodes(deployment());
  const hash = await codes.hash("fac_1.challenge-1", "012345");
  expect(hash).not.toContain("012345");
  await expect(codes.matches("fac_1.challenge-1", "012345", hash)).resolves.toBe(true);
  await expect(codes.matches("fac_1.challenge-1", "012346", hash)).resolves.toBe(false);
  await expect(codes.matches("fac_1.challenge-2", "012345", hash)).resolves.toBe(false);
  await expect(otpCodes(deployment()).matches("fac_1.challenge-1", "012345", hash)).resolves.toBe(false);
});

test("T11 is over at 5 min", () => {
  const pending = { hash: "", sentAtMs: 1_000_000 };
  expect(isSmsCodeAlive(pending, 1_299_999)).toBe(true);
  expect(isSmsCodeAlive(pending, 1_300_000)).toBe(false);
});

describe("T11 the wait before the next code", () => {
  test.each([
    ["none yet", [], 0, 0],
    ["at once after the first", [0], 0, 30_000],
    ["just under 30 s", [0], 29_999, 1],
    ["at 30 s", [0], 30_000, 0],
    ["four in the hour", [0, 30_000, 60_000, 90_000], 120_000, 0],
    ["five in the hour", [0, 30_000, 60_000, 90_000, 120_000], 150_000, 3_450_000],
    ["the first of five an hour ago", [0, 30_000, 60_000, 90_000, 120_000], 3_600_000, 0],
    ["both limits", [0, 30_000, 60_000, 90_000, 3_590_000], 3_600_000, 20_000],
  ])("%s", (_name, sentAtMs, nowMs, expected) => {
    expect(smsWaitMs(sentAtMs, nowMs)).toBe(expected);
  });

  test("never more than five in any hour, asked every second for a day", () => {
    let sentAtMs: readonly number[] = [];
    const all: number[] = [];
    for (let nowMs = 0; nowMs < 86_400_000; nowMs += 1000) {
      if (smsWaitMs(sentAtMs, nowMs) > 0) continue;
      sentAtMs = withSend(sentAtMs, nowMs);
      all.push(nowMs);
    }
    expect(all).toHaveLength(120);
    expect(Math.min(...all.slice(1).map((atMs, index) => atMs - (all[index] ?? 0)))).toBe(30_000);
    expect(Math.min(...all.slice(5).map((atMs, index) => atMs - (all[index] ?? 0)))).toBe(3_600_000);
    expect(sentAtMs).toHaveLength(5);
  });
});
