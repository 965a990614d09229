import { rotateSigningKey } from "../../../lib/aws/secrets-document.ts";
import { deployment, GRANT, NOW_MS } from "./deployment.ts";

const decode = (token: string, part: number): unknown =>
  JSON.parse(Buffer.from(token.split(".")[part] ?? "", "base64url").toString());

test("issues the claims of RFC 9068 for five minutes", async () => {
  const own = deployment();
  const token = await own.tokens.sign(GRANT);
  expect(decode(token, 0)).toEqual({ alg: "ES256", typ: "at+jwt", kid: own.document.signingKeys[0]?.kid });
  expect(decode(token, 1)).toEqual({
    iss: "http://localhost:3000",
    aud: "active-session",
    sub: "usr_01kajq3h5s8zr0d6w2v9x4b7cp",
    sid: "ses_01kajq3h5s8zr0d6w2v9x4b7cq",
    tid: "ten_01kajq3h5s8zr0d6w2v9x4b7cn",
    jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    iat: 1_795_428_000,
    exp: 1_795_428_300,
    auth_time: 1_795_427_998,
    amr: ["pwd", "otp", "mfa"],
    acr: "aal2",
  });
});

test("gives back what it was issued for, with the actor and the workflow", async () => {
  const own = deployment();
  const actor = { tenantId: "ten_00000000000000000000000000", userId: "usr_01kajq3h5s8zr0d6w2v9x4b7cr" };
  const workflow = { provider: "github", runId: "7", ref: "refs/heads/main" };
  const grant = { ...GRANT, amr: ["pwd"], actor, workflow };
  await expect(own.tokens.verify(await own.tokens.sign(grant))).resolves.toEqual({
    ...grant,
    tokenId: expect.any(String),
    acr: "aal1",
    issuedAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 300_000,
  });
});

test("gives every token an id of its own", async () => {
  const own = deployment();
  const tokens = [await own.tokens.sign(GRANT), await own.tokens.sign(GRANT)];
  const claims = await Promise.all(tokens.map((token) => own.tokens.verify(token)));
  expect(claims[0]?.tokenId).not.toBe(claims[1]?.tokenId);
});

test("keeps every user signed in through a rotation of the signing key, on every server", async () => {
  const [one, other] = [deployment(), deployment()];
  other.document = one.document;
  // Each reads its secrets up to a minute late; the other half a minute after the first.
  const clocks = [one.clock, other.clock];
  const rotated = rotateSigningKey(one.document, NOW_MS);
  await one.secrets.current();
  await other.secrets.current();
  [one.document, other.document] = [rotated, rotated];
  const used = new Set<unknown>();
  for (let second = 0; second < 25 * 60; second += 15) {
    for (const clock of clocks) clock.nowMs = NOW_MS + second * 1000;
    const token = await one.tokens.sign(GRANT);
    used.add(Reflect.get(Object(decode(token, 0)), "kid"));
    for (const clock of clocks) clock.nowMs += 299_000;
    await expect(other.tokens.verify(token)).resolves.toMatchObject(GRANT);
  }
  expect([...used]).toEqual(rotated.signingKeys.map((key) => key.kid));
});

test("takes at once a token signed with a key that it has not read yet", async () => {
  const [late, early] = [deployment(), deployment()];
  late.document = early.document;
  await late.secrets.current();
  early.document = rotateSigningKey(early.document, NOW_MS, { immediately: true });
  late.document = early.document;
  for (const { clock } of [late, early]) clock.nowMs = NOW_MS + 10_000;
  const token = await deployment({ clock: early.clock, document: early.document }).tokens.sign(GRANT);
  await expect(late.tokens.verify(token)).resolves.toMatchObject(GRANT);
  expect(late.reads).toBe(2);
});

test("forgets old signatures rather than grow without bound", async () => {
  const own = deployment();
  const first = await own.tokens.sign(GRANT);
  await own.tokens.verify(first);
  for (let i = 0; i < 5000; i += 1) await own.tokens.verify(await own.tokens.sign(GRANT));
  await expect(own.tokens.verify(first)).resolves.toMatchObject(GRANT);
});
