// Guarantees: a token is taken only if this deployment issued it, in the very form in which it did, and it has not
// expired; whatever else is sent is refused with one of two codes and never with a defect (attack rows J01-J20).
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { refreshTokens } from "../../../lib/aws/refresh-tokens.ts";
import { seals } from "../../../lib/aws/seals.ts";
import { rotateSigningKey } from "../../../lib/aws/secrets-document.ts";
import {
  type Deployment,
  deployment,
  forge,
  GRANT,
  NOW_MS,
  ownKey,
  PAYLOAD,
  segment,
  withHeader,
  withPayload,
} from "./deployment.ts";

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

async function expectInvalid(of: Deployment, token: string): Promise<void> {
  await expect(of.tokens.verify(token)).rejects.toMatchObject({ code: "auth.token_invalid" });
}

test("the forgery kit makes a good token where nothing is changed", async () => {
  const own = deployment();
  await expect(own.tokens.verify(withPayload(own, {}))).resolves.toMatchObject(GRANT);
});

describe("J01 refuses unsigned tokens", () => {
  test.each(["none", "None", "nOnE", "NONE"])("alg %s", async (alg) => {
    const own = deployment();
    const { kid } = ownKey(own);
    const unsigned = `${segment({ alg, typ: "at+jwt", kid })}.${segment(PAYLOAD)}.`;
    await expectInvalid(own, unsigned);
    await expectInvalid(own, `${unsigned}${"A".repeat(86)}`);
    await expectInvalid(own, unsigned.slice(0, -1));
  });
});

describe("J02 refuses an HMAC keyed with the published public key", () => {
  test.each(["pem", "der", "jwk"])("as %s", async (form) => {
    const own = deployment();
    const { kid } = ownKey(own);
    const { publicKey } = (await own.secrets.current()).signingKeys[0] ?? {};
    const key = {
      pem: publicKey?.export({ format: "pem", type: "spki" }) ?? "",
      der: publicKey?.export({ format: "der", type: "spki" }) ?? "",
      jwk: JSON.stringify((await own.keys.jwks()).keys[0]),
    }[form];
    for (const alg of ["HS256", "ES256"]) {
      const input = `${segment({ alg, typ: "at+jwt", kid })}.${segment(PAYLOAD)}`;
      const code = createHmac("sha256", key ?? "")
        .update(input)
        .digest();
      await expectInvalid(own, `${input}.${code.toString("base64url")}`);
      await expectInvalid(own, `${input}.${Buffer.concat([code, code]).toString("base64url")}`);
    }
  });

  test.each(["RS256", "PS256", "ES384", "ES512", "EdDSA", "HS256", "es256"])("and alg %s", async (alg) => {
    const own = deployment();
    await expectInvalid(own, withHeader(own, { alg }));
  });
});

test.each([
  "../../../../dev/null",
  "' OR 1=1--",
  "x\u0000y",
  { $ne: 1 },
  "k".repeat(10_000),
  "",
  null,
  7,
  ["k"],
  "__proto__",
])("J03 refuses the key name %j", async (kid) => {
  const own = deployment();
  await expectInvalid(own, withHeader(own, { kid }));
});

test("J03 reads the secrets again at most once in 10 s, however many unknown keys are named", async () => {
  const own = deployment();
  for (let i = 0; i < 100; i += 1) await expectInvalid(own, withHeader(own, { kid: `unknown-${i}` }));
  expect(own.reads).toBe(1);
  own.clock.nowMs += 10_000;
  for (let i = 0; i < 100; i += 1) await expectInvalid(own, withHeader(own, { kid: `unknown-${i}` }));
  expect(own.reads).toBe(2);
});

test("J04 refuses a key that the token brings along or points to", async () => {
  const own = deployment();
  const attacker = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = attacker.publicKey.export({ format: "jwk" });
  for (const extra of [
    { jwk },
    { jku: "https://a.example/" },
    { x5u: "https://a.example/" },
    { x5c: ["MII="] },
  ]) {
    await expectInvalid(own, withHeader(own, extra));
    const { kid } = ownKey(own);
    await expectInvalid(
      own,
      forge(attacker.privateKey, { alg: "ES256", typ: "at+jwt", kid, ...extra }, PAYLOAD),
    );
  }
});

test.each([
  { crit: ["exp"] },
  { crit: ["unknown"] },
  { crit: [] },
  { b64: false },
  { crit: ["b64"], b64: false },
])("J05 refuses the header members %j", async (extra) => {
  const own = deployment();
  await expectInvalid(own, withHeader(own, extra));
});

describe("J06 holds to the expiry", () => {
  test("takes a token up to the last millisecond before exp, and not at exp", async () => {
    const own = deployment();
    const token = await own.tokens.sign(GRANT);
    own.clock.nowMs = NOW_MS + 299_999;
    await expect(own.tokens.verify(token)).resolves.toMatchObject(GRANT);
    own.clock.nowMs = NOW_MS + 300_000;
    await expect(own.tokens.verify(token)).rejects.toMatchObject({ code: "auth.token_expired" });
  });

  test("refuses an expired token that it has never seen", async () => {
    const own = deployment();
    const token = withPayload(own, { iat: PAYLOAD.iat - 301, exp: PAYLOAD.iat - 1 });
    await expect(own.tokens.verify(token)).rejects.toMatchObject({ code: "auth.token_expired" });
  });

  test.each([
    '"9999999999"',
    "1e309",
    "1795428100.5",
    "null",
    "true",
    "[1795428100]",
    "1795428301",
    "1795428000",
  ])("refuses exp %s", async (exp) => {
    const own = deployment();
    const { kid, privateKey } = ownKey(own);
    const payload = JSON.stringify(PAYLOAD).replace('"exp":1795428300', `"exp":${exp}`);
    await expect(
      own.tokens.verify(forge(privateKey, { alg: "ES256", typ: "at+jwt", kid }, payload)),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^auth\.token_(invalid|expired)$/) });
  });

  test("refuses a missing exp and a negative one", async () => {
    const own = deployment();
    await expectInvalid(own, withPayload(own, { exp: undefined }));
    await expect(own.tokens.verify(withPayload(own, { exp: -1 }))).rejects.toMatchObject({
      code: "auth.token_expired",
    });
  });
});

test("J07 refuses tokens from the future and any nbf, which is never issued", async () => {
  const own = deployment();
  await expectInvalid(own, withPayload(own, { nbf: PAYLOAD.iat + 60 }));
  await expectInvalid(own, withPayload(own, { nbf: PAYLOAD.iat - 60 }));
  await expectInvalid(own, withPayload(own, { iat: PAYLOAD.iat + 86_400, exp: PAYLOAD.exp + 86_400 }));
  await expectInvalid(own, withPayload(own, { iat: PAYLOAD.iat + 2 }));
});

test("J07 allows two servers' clocks to differ by one second", async () => {
  const own = deployment();
  await expect(own.tokens.verify(withPayload(own, { iat: PAYLOAD.iat + 1 }))).resolves.toMatchObject(GRANT);
});

test.each([
  ["other"],
  [[]],
  [["active-session", "other"]],
  [["active-session"]],
  [""],
  [null],
  [undefined],
  [{}],
])("J08 refuses the audience %j", async (aud) => {
  const own = deployment();
  await expectInvalid(own, withPayload(own, { aud }));
});

test.each([
  "http://localhost:3001",
  "http://localhost:3000/",
  undefined,
  "",
  ["http://localhost:3000"],
  null,
])("J09 refuses the issuer %j", async (iss) => {
  const own = deployment();
  await expectInvalid(own, withPayload(own, { iss }));
});

test.each(["JWT", "at+JWT", "application/at+jwt", "", undefined, null, "refresh+jwt"])(
  "J10 refuses typ %j",
  async (typ) => {
    const own = deployment();
    await expectInvalid(own, withHeader(own, { typ }));
  },
);

test("J10 refuses the other tokens of this deployment: refresh, challenge, ticket, invitation", async () => {
  const own = deployment();
  const { sessionId, tenantId, userId } = GRANT;
  await expectInvalid(own, await refreshTokens(own).mint({ tenantId, userId, sessionId, generation: 0 }));
  const sealer = seals({
    keys: async () => (await own.secrets.current()).sealingKeys,
    now: () => own.clock.nowMs,
  });
  for (const purpose of ["login-challenge", "live-ticket", "invitation"] as const) {
    await expectInvalid(own, await sealer.seal(purpose, PAYLOAD));
  }
});

test.each([
  { sub: "" },
  { sub: 1 },
  { sub: undefined },
  { sid: undefined },
  { sid: "ses_../x" },
  { tid: ["ten_01kajq3h5s8zr0d6w2v9x4b7cn"] },
  { tid: undefined },
  { jti: 5 },
  { amr: "mfa" },
  { amr: [1] },
  { acr: undefined },
  { auth_time: "1795427998" },
  { auth_time: undefined },
  { auth_time: -1 },
  { iat: undefined },
  { iat: "1795428000" },
  { act: "usr_01kajq3h5s8zr0d6w2v9x4b7cp" },
  { act: { sub: "usr_01kajq3h5s8zr0d6w2v9x4b7cp" } },
  { act: null },
  { wfl: { provider: "github" } },
  { wfl: { provider: "github", runId: "1", ref: 1 } },
  { admin: true },
  { roles: ["owner"] },
])("refuses claims of another shape: %j", async (changes) => {
  const own = deployment();
  await expectInvalid(own, withPayload(own, changes));
});

test("J11 refuses a token with any single bit flipped", async () => {
  const own = deployment();
  for (let i = 0; i < 3; i += 1) {
    const token = await own.tokens.sign(GRANT);
    const refused: unknown[] = [];
    for (const [part, segmentText] of token.split(".").entries()) {
      const bytes = Buffer.from(segmentText, "base64url");
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const parts = token.split(".").with(part, flipped.toString("base64url"));
        refused.push(await own.tokens.verify(parts.join(".")).catch((error) => error.code));
      }
    }
    expect(new Set(refused)).toEqual(new Set(["auth.token_invalid"]));
  }
});

test("J12 refuses a token cut at every place, and with 2, 4 or 5 segments", async () => {
  const own = deployment();
  const token = await own.tokens.sign(GRANT);
  for (let length = 0; length < token.length; length += 1) await expectInvalid(own, token.slice(0, length));
  const [header, payload, signature] = token.split(".");
  await expectInvalid(own, `${header}.${payload}`);
  await expectInvalid(own, `${token}.`);
  await expectInvalid(own, `${token}.${signature}`);
  await expectInvalid(own, `${token}.${signature}.${signature}`);
  await expectInvalid(own, JSON.stringify({ protected: header, payload, signature }));
  await expectInvalid(own, JSON.stringify({ payload, signatures: [{ protected: header, signature }] }));
});

describe("J13 refuses other spellings of a good token", () => {
  test("unused bits of the last character set", async () => {
    const own = deployment();
    const token = await own.tokens.sign(GRANT);
    for (const [part, text] of token.split(".").entries()) {
      if (text.length % 4 === 0) continue;
      const last = BASE64URL.indexOf(text.slice(-1));
      for (let bits = 1; bits < (text.length % 4 === 2 ? 16 : 4); bits += 1) {
        const spelled = text.slice(0, -1) + BASE64URL.charAt(last + bits);
        await expectInvalid(own, token.split(".").with(part, spelled).join("."));
      }
    }
  });

  test.each(["=", "==", " ", "\n", "\t", "+", "/", "%20", "\u200b"])(
    "with %j in any segment",
    async (extra) => {
      const own = deployment();
      const token = await own.tokens.sign(GRANT);
      const parts = token.split(".");
      for (const [part, text] of parts.entries()) {
        const middle = Math.floor(text.length / 2);
        await expectInvalid(own, parts.with(part, text + extra).join("."));
        await expectInvalid(own, parts.with(part, extra + text).join("."));
        await expectInvalid(
          own,
          parts.with(part, text.slice(0, middle) + extra + text.slice(middle)).join("."),
        );
      }
    },
  );
});

test.each([8193, 9000, 11_000, 1_000_000])(
  "J14 refuses %d characters without decoding them",
  async (length) => {
    const own = deployment();
    const startedAt = performance.now();
    await expectInvalid(own, withPayload(own, { pad: "x".repeat(length) }));
    await expectInvalid(own, "A".repeat(length));
    await expectInvalid(own, ".".repeat(length));
    expect(performance.now() - startedAt).toBeLessThan(1000);
  },
);

test.each([
  '{"alg":"EdDSA","alg":"none","typ":"at+jwt","kid":"K"}',
  '{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"K"}',
  '{"alg":"ES256","typ":"at+jwt","kid":"K","kid":"K"}',
  '{"alg":"ES256","typ":"at+jwt","kid":"K","__proto__":{}}',
  '{"typ":"at+jwt","alg":"ES256","kid":"K"}',
  '{"alg":"ES256","typ":"at+jwt","kid":"K"} ',
  '{"alg":"ES256", "typ":"at+jwt","kid":"K"}',
  '{"\\u0061lg":"ES256","typ":"at+jwt","kid":"K"}',
  '["ES256"]',
  "null",
  "{",
  "",
])("J15 refuses the header %s", async (header) => {
  const own = deployment();
  const { kid, privateKey } = ownKey(own);
  await expectInvalid(own, forge(privateKey, header.replaceAll('"K"', `"${kid}"`), PAYLOAD));
});

describe("J18 refuses a retired key", () => {
  test("at the instant of its retirement, even for a token whose signature was found good before", async () => {
    const own = deployment();
    own.document = rotateSigningKey(own.document, NOW_MS);
    // Published 10 min ahead and kept for 10 min after: it retires at 10:20.
    own.clock.nowMs = NOW_MS + 9 * 60_000 + 59_000;
    const lastToken = await own.tokens.sign(GRANT);
    await expect(own.tokens.verify(lastToken)).resolves.toMatchObject(GRANT);
    own.clock.nowMs = NOW_MS + 14 * 60_000 + 58_999;
    await expect(own.tokens.verify(lastToken)).resolves.toMatchObject(GRANT);

    const longLived = deployment();
    longLived.document = {
      ...longLived.document,
      signingKeys: longLived.document.signingKeys.map((key) => ({ ...key, retiredAtMs: NOW_MS + 1000 })),
    };
    const token = await longLived.tokens.sign(GRANT);
    longLived.clock.nowMs = NOW_MS + 999;
    await expect(longLived.tokens.verify(token)).resolves.toMatchObject(GRANT);
    longLived.clock.nowMs = NOW_MS + 1000;
    await expectInvalid(longLived, token);
  });

  test("within a minute of an immediate rotation", async () => {
    const own = deployment();
    const token = await own.tokens.sign(GRANT);
    await own.tokens.verify(token);
    own.document = rotateSigningKey(own.document, NOW_MS, { immediately: true });
    own.clock.nowMs = NOW_MS + 60_000;
    await expectInvalid(own, token);
  });
});

test("J20 refuses a signature of zeros and one in DER", async () => {
  const own = deployment();
  const { kid, privateKey } = ownKey(own);
  const input = `${segment({ alg: "ES256", typ: "at+jwt", kid })}.${segment(PAYLOAD)}`;
  await expectInvalid(own, `${input}.${Buffer.alloc(64).toString("base64url")}`);
  const der = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "der" });
  await expectInvalid(own, `${input}.${der.toString("base64url")}`);
});

test("refuses a token of another deployment, and one signed by another key under our key's name", async () => {
  const [own, other] = [deployment(), deployment()];
  await expectInvalid(own, await other.tokens.sign(GRANT));
  const { kid } = ownKey(own);
  await expectInvalid(own, forge(ownKey(other).privateKey, { alg: "ES256", typ: "at+jwt", kid }, PAYLOAD));
});

test("never says in an error what the token was", async () => {
  const own = deployment();
  const token = withPayload(own, { aud: "canary-7431" });
  const error: unknown = await own.tokens.verify(token).catch((thrown) => thrown);
  expect(String(error)).not.toContain(token);
  expect(String(error)).toBe("AppError: The access token is not valid.");
});
