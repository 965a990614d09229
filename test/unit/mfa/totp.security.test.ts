// Guarantees: codes are those of RFC 6238, one step either side of now, each step once and none older than the last
// used; nothing but six ASCII digits is ever compared (attack rows T01, T03, T05).
import { totp } from "../../../lib/aws/totp.ts";
import { readCode } from "../../../lib/mfa/code.ts";

// RFC 6238 appendix B: the ASCII secret 12345678901234567890.
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const own = totp();

test.each([
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
])("takes the RFC 6238 code at %d s", (seconds, code) => {
  const step = Math.floor(seconds / 30);
  expect(own.verify({ secret: SECRET, code, nowMs: seconds * 1000, lastUsedStep: undefined })).toBe(step);
});

// RFC 4226 appendix D, the same secret: the codes of steps 3 to 7, at the first and last millisecond of step 5.
describe.each([150_000, 179_999])("T03 the window at %d ms", (nowMs) => {
  test.each([
    [-2, "969429", undefined],
    [-1, "338314", 4],
    [0, "254676", 5],
    [1, "287922", 6],
    [2, "162583", undefined],
  ])("step %d", (_offset, code, step) => {
    expect(own.verify({ secret: SECRET, code, nowMs, lastUsedStep: undefined })).toBe(step);
  });
});

test("T01 takes a step once, and never an older one after a newer", () => {
  const at = { secret: SECRET, nowMs: 1_111_111_110_000 };
  expect(own.verify({ ...at, code: "050471", lastUsedStep: 37_037_036 })).toBe(37_037_037);
  expect(own.verify({ ...at, code: "050471", lastUsedStep: 37_037_037 })).toBeUndefined();
  expect(own.verify({ ...at, code: "081804", lastUsedStep: 37_037_036 })).toBeUndefined();
  expect(own.verify({ ...at, code: "081804", lastUsedStep: 37_037_037 })).toBeUndefined();
});

test("T06 takes no code of another secret", () => {
  const other = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
  const at = { nowMs: 1_111_111_110_000, lastUsedStep: undefined };
  expect(own.verify({ ...at, secret: other, code: "050471" })).toBeUndefined();
});

test.each([
  "１２３４５６",
  "١٢٣٤٥٦",
  "123456\n",
  " 123456",
  "123456 ",
  "123 456",
  "+12345",
  "-12345",
  "1e5",
  "0x1234",
  "12345.",
  "12345",
  "1234567",
  "",
  "123456\u0000",
  "1234５6",
])("T05 refuses %j before anything is compared", (code) => {
  expect(() => readCode(code, "/code")).toThrow(
    expect.objectContaining({
      code: "request.invalid",
      errors: [{ pointer: "/code", message: "must be six digits 0-9 or a recovery code" }],
    }),
  );
  expect(own.verify({ secret: SECRET, code, nowMs: 59_000, lastUsedStep: undefined })).toBeUndefined();
});

test("reads six digits as digits, and sixteen letters of a recovery code as such", () => {
  expect(readCode("012345", "/code")).toEqual({ kind: "digits", digits: "012345" });
  expect(readCode("0123-4567-89ab-cdef", "/code")).toEqual({
    kind: "recovery",
    recoveryCode: "0123456789abcdef",
  });
});

test("enrols with 160 random bits, and a URI and QR code that apps read", async () => {
  const { secret, otpauthUri, qrSvg } = await own.enrol({
    issuer: "Active Session",
    account: "ada@example.com",
  });
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(otpauthUri).toBe(
    `otpauth://totp/Active%20Session:ada%40example.com?secret=${secret}&issuer=Active%20Session&algorithm=SHA1&digits=6&period=30`,
  );
  expect(qrSvg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>\n?$/);
  const again = await own.enrol({ issuer: "Active Session", account: "ada@example.com" });
  expect(again.secret).not.toBe(secret);
});

test("an account's name cannot change the URI", async () => {
  const { otpauthUri, secret } = await own.enrol({ issuer: "A&B", account: "a?secret=AAAA&x=#:/@b" });
  const uri = new URL(otpauthUri);
  expect(uri.searchParams.getAll("secret")).toEqual([secret]);
  expect(uri.searchParams.get("issuer")).toBe("A&B");
  expect(decodeURIComponent(uri.pathname)).toBe("/A&B:a?secret=AAAA&x=#:/@b");
});
