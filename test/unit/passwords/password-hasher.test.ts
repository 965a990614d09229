import { passwordHasher } from "../../../lib/aws/password-hasher.ts";

const hasher = passwordHasher();

test("hashes with argon2id, 19 MiB, 2 passes, 1 lane, and a salt of its own", async () => {
  const [one, other] = await Promise.all([hasher.hash("correct horse"), hasher.hash("correct horse")]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(other);
  await expect(hasher.verify("correct horse", one)).resolves.toBe(true);
});

// Made with the reference implementation: argon2 "somesalt" -id -t 2 -k 256 -p 1, the vector of its test suite.
test("verifies the reference implementation's hash", async () => {
  const hash = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  await expect(hasher.verify("password", hash)).resolves.toBe(true);
  await expect(hasher.verify("Password", hash)).resolves.toBe(false);
  expect(hasher.needsRehash(hash)).toBe(true);
});

test("asks for no new hash where the settings are those of today", async () => {
  expect(hasher.needsRehash(await hasher.hash("x"))).toBe(false);
});

test.each([
  ["character 73 differs", `${"a".repeat(72)}b`, `${"a".repeat(72)}c`],
  ["character 128 differs", `${"a".repeat(127)}b`, `${"a".repeat(127)}c`],
  ["case differs", "Correct horse", "correct horse"],
  ["a trailing space", "correct horse ", "correct horse"],
  ["a NUL and what follows it", "correct\u0000horse", "correct\u0000battery"],
  ["a NUL at the end", "correct horse\u0000", "correct horse"],
])("L04 is another password where %s", async (_name, one, other) => {
  await expect(hasher.verify(other, await hasher.hash(one))).resolves.toBe(false);
});

test.each([
  ["composed and decomposed", "caf\u00e9 au lait", "cafe\u0301 au lait"],
  ["full width", "ｃorrect horse", "correct horse"],
  ["ligatures", "\ufb01nal answer", "final answer"],
])(
  "L05 is the same password where only the spelling of its characters differs: %s",
  async (_name, one, other) => {
    await expect(hasher.verify(other, await hasher.hash(one))).resolves.toBe(true);
  },
);

test("L05 keeps emoji and NUL", async () => {
  const hash = await hasher.hash("🦄\u0000👩‍🚀");
  await expect(hasher.verify("🦄\u0000👩‍🚀", hash)).resolves.toBe(true);
  await expect(hasher.verify("🦄👩‍🚀", hash)).resolves.toBe(false);
});

test("L01 an unknown user costs what a wrong password does, and never gets in", async () => {
  const hash = await hasher.hash("correct horse");
  const costsOf = { known: [] as number[], unknown: [] as number[] };
  for (let i = 0; i < 25; i += 1) {
    for (const [kind, stored] of [
      ["known", hash],
      ["unknown", undefined],
    ] as const) {
      // Time of the processor: what another process takes of the clock is not ours.
      const before = process.cpuUsage();
      await expect(hasher.verify("wrong horse", stored)).resolves.toBe(false);
      const { user, system } = process.cpuUsage(before);
      costsOf[kind].push(user + system);
    }
  }
  const median = (costs: readonly number[]) => costs.toSorted((one, other) => one - other)[12] ?? 0;
  const ratio = median(costsOf.unknown) / median(costsOf.known);
  expect(ratio).toBeGreaterThan(0.7);
  expect(ratio).toBeLessThan(1.4);
});

test("runs a burst of logins off the main thread and within bounded memory", async () => {
  const before = process.memoryUsage.rss();
  let peak = before;
  let longestPauseMs = 0;
  let lastAt = performance.now();
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
    longestPauseMs = Math.max(longestPauseMs, performance.now() - lastAt);
    lastAt = performance.now();
  }, 5);
  await Promise.all(Array.from({ length: 40 }, () => hasher.verify("wrong horse", undefined)));
  clearInterval(watch);
  // 40 at once would hold 760 MiB; four hold 76.
  expect(peak - before).toBeLessThan(300 * 1024 * 1024);
  expect(longestPauseMs).toBeLessThan(10_000);
});

test("goes on after a hash that cannot be read", async () => {
  await expect(hasher.verify("x", "$2b$10$abcdefghijklmnopqrstuv")).rejects.toThrow("not argon2id");
  await expect(hasher.verify("x", "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$AA")).rejects.toThrow(
    "not argon2id",
  );
  await expect(hasher.verify("x", undefined)).resolves.toBe(false);
});
