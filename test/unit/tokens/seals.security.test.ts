// Guarantees: a sealed value tells its holder nothing and opens only unaltered, in time, for its purpose and in its
// context; everything else is the same `undefined` (cursors, challenges, invitations, resets, tickets).
import { seals } from "../../../lib/aws/seals.ts";
import type { SealPurpose } from "../../../lib/session/token.ts";
import { NOW_MS } from "./deployment.ts";

const KEY = Buffer.alloc(32, 7);

function sealer(keys: readonly Buffer[] = [KEY], clock = { nowMs: NOW_MS }) {
  return seals({ keys: async () => keys, now: () => clock.nowMs });
}

test("opens what it sealed", async () => {
  const own = sealer();
  const payload = { user: "usr_1", list: [1, null, "ä"] };
  const sealed = await own.seal("login-challenge", payload, { context: "ten_1" });
  await expect(own.open("login-challenge", sealed, { context: "ten_1" })).resolves.toEqual(payload);
});

test("is AES-256-GCM over the value, bound to purpose and context", async () => {
  const own = seals({ keys: async () => [KEY], now: () => NOW_MS, randomNonce: () => Buffer.alloc(12, 1) });
  await expect(own.seal("cursor", "act_1", { context: "ten_1", expiresAtMs: 5 })).resolves.toBe(
    "AQEBAQEBAQEBAQEBLdSllfHcmFHg9oGWoH_qGpUfdFyWHM6_EzqJ",
  );
});

test("seals the same value differently each time and shows nothing of it", async () => {
  const own = sealer();
  const [one, other] = [await own.seal("cursor", "canary"), await own.seal("cursor", "canary")];
  expect(one).not.toBe(other);
  expect(Buffer.from(one, "base64url").toString("latin1")).not.toContain("canary");
  expect(one).toMatch(/^[A-Za-z0-9_-]+$/);
});

test.each<SealPurpose>([
  "cursor",
  "passkey-challenge",
  "invitation",
  "password-reset",
  "live-ticket",
  "factor-secret",
])("a login challenge does not open as %s", async (purpose) => {
  const own = sealer();
  await expect(own.open(purpose, await own.seal("login-challenge", 1))).resolves.toBeUndefined();
});

test("opens in its own context alone", async () => {
  const own = sealer();
  const sealed = await own.seal("cursor", 1, { context: "ten_1 userId=a" });
  await expect(own.open("cursor", sealed, { context: "ten_2 userId=a" })).resolves.toBeUndefined();
  await expect(own.open("cursor", sealed, { context: "" })).resolves.toBeUndefined();
  await expect(own.open("cursor", sealed)).resolves.toBeUndefined();
  await expect(
    own.open("cursor", await own.seal("cursor", 1), { context: "ten_1" }),
  ).resolves.toBeUndefined();
});

test("is over at its expiry", async () => {
  const clock = { nowMs: NOW_MS };
  const own = sealer([KEY], clock);
  const sealed = await own.seal("live-ticket", "ses_1", { expiresAtMs: NOW_MS + 30_000 });
  clock.nowMs = NOW_MS + 29_999;
  await expect(own.open("live-ticket", sealed)).resolves.toBe("ses_1");
  clock.nowMs = NOW_MS + 30_000;
  await expect(own.open("live-ticket", sealed)).resolves.toBeUndefined();
});

test("does not open with any bit flipped, any piece cut off, or in another spelling", async () => {
  const own = sealer();
  const sealed = await own.seal("cursor", { at: "act_1" });
  const bytes = Buffer.from(sealed, "base64url");
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await expect(own.open("cursor", flipped.toString("base64url"))).resolves.toBeUndefined();
  }
  for (let length = 0; length < bytes.length; length += 1) {
    await expect(
      own.open("cursor", bytes.subarray(0, length).toString("base64url")),
    ).resolves.toBeUndefined();
  }
  for (const other of [
    `${sealed}=`,
    ` ${sealed}`,
    `${sealed}\n`,
    sealed.replace(/./, "+"),
    bytes.toString("hex"),
  ]) {
    await expect(own.open("cursor", other)).resolves.toBeUndefined();
  }
});

test("refuses what is far too long without decrypting it", async () => {
  await expect(sealer().open("cursor", "A".repeat(1_000_000))).resolves.toBeUndefined();
});

test("opens what the key before sealed, and seals with the present one", async () => {
  const [before, present] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const sealed = await sealer([before]).seal("invitation", "usr_1");
  const rotated = sealer([present, before]);
  await expect(rotated.open("invitation", sealed)).resolves.toBe("usr_1");
  const resealed = await rotated.seal("invitation", "usr_1");
  await expect(sealer([before]).open("invitation", resealed)).resolves.toBeUndefined();
  await expect(sealer([present]).open("invitation", resealed)).resolves.toBe("usr_1");
});
