import { sumUsageFile } from "../../../lib/usage/sum-usage-file.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const FILE =
  "2026-10-01T00:00:00.000Z,agent,e1,res_1,ses_1,cpu,0.1\n" +
  "2026-10-01T00:00:01.000Z,agent,e2,res_1,ses_1,cpu,0.200001\n" +
  "2026-10-01T00:00:02.000Z,agent,e3,res_2,ses_2,network,12\n" +
  "2026-10-01T00:00:03.000Z,agent,e4,res_2,ses_1,network,0.000001";

function sumsOf(...pieces: readonly Uint8Array[]) {
  const summation = sumUsageFile();
  for (const piece of pieces) summation.add(piece);
  return summation.sums();
}

const SUMS = [
  { key: "ses_1,cpu", microUnits: 300_001n },
  { key: "ses_2,network", microUnits: 12_000_000n },
  { key: "ses_1,network", microUnits: 1n },
];

test("sums by session and meter are exact, with or without an end to the last line", () => {
  expect(sumsOf(bytes(FILE))).toEqual(SUMS);
  expect(sumsOf(bytes(`${FILE}\n`))).toEqual(SUMS);
});

test("wherever the file is cut, the sums are the same", () => {
  const whole = bytes(FILE);
  for (let cut = 0; cut <= whole.length; cut++) {
    expect(sumsOf(whole.slice(0, cut), whole.slice(cut))).toEqual(SUMS);
  }
  expect(sumsOf(...Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(SUMS);
});

test("no number of keys is too many, and none takes another's sum", () => {
  const summation = sumUsageFile();
  for (let round = 1; round <= 2; round++) {
    for (let key = 0; key < 20_000; key++) summation.add(bytes(`t,a,e,r,ses_${key},cpu,${key}.5\n`));
  }
  const sums = summation.sums();
  expect(sums).toHaveLength(20_000);
  expect(
    sums.every(
      ({ key, microUnits }) => microUnits === 2n * BigInt(key.slice(4, -4)) * 1_000_000n + 1_000_000n,
    ),
  ).toBe(true);
});

test("sums beyond 2^53 millionths are whole", () => {
  const summation = sumUsageFile();
  for (let count = 0; count < 10; count++) summation.add(bytes("t,a,e,r,s,cpu,2000000000.000001\n"));
  expect(summation.sums()).toEqual([{ key: "s,cpu", microUnits: 20_000_000_000_000_010n }]);
});

test.each([
  ["too few fields", "t,a,e,r,s,cpu\n"],
  ["no value", "t,a,e,r,s,cpu,\n"],
  ["no decimals after the point", "t,a,e,r,s,cpu,1.\n"],
  ["nothing before the point", "t,a,e,r,s,cpu,.5\n"],
  ["two points", "t,a,e,r,s,cpu,1.0.0\n"],
  ["seven decimals", "t,a,e,r,s,cpu,0.0000001\n"],
  ["a negative value", "t,a,e,r,s,cpu,-1\n"],
  ["an exponent", "t,a,e,r,s,cpu,1e3\n"],
  ["a value that is no whole number of millionths in a float", "t,a,e,r,s,cpu,9007199254.740993\n"],
])("a line with %s is refused with its number", (_, line) => {
  expect(() => sumsOf(bytes("t,a,e,r,s,cpu,1\n"), bytes(line))).toThrow("Line 2 is not a usage event.");
});
