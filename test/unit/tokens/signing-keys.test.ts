import {
  createSecretsDocument,
  rotateSigningKey,
  rotateSymmetricKey,
} from "../../../lib/aws/secrets-document.ts";
import { deployment, NOW_MS } from "./deployment.ts";

const MINUTE_MS = 60_000;

test("publishes a key before it signs and keeps it until its last token has expired", async () => {
  const own = deployment();
  const [before] = own.document.signingKeys;
  own.document = rotateSigningKey(own.document, NOW_MS);
  const [, after] = own.document.signingKeys;
  const timeline: unknown[] = [];
  for (const minute of [0, 9, 10, 19, 20]) {
    own.clock.nowMs = NOW_MS + minute * MINUTE_MS;
    const published = (await own.keys.jwks()).keys.map((key) => key.kid);
    timeline.push([minute, (await own.keys.signer()).kid, published]);
  }
  expect(timeline).toEqual([
    [0, before?.kid, [before?.kid, after?.kid]],
    [9, before?.kid, [before?.kid, after?.kid]],
    [10, after?.kid, [before?.kid, after?.kid]],
    [19, after?.kid, [before?.kid, after?.kid]],
    [20, after?.kid, [after?.kid]],
  ]);
});

test("publishes public members alone", async () => {
  const own = deployment();
  expect(await own.keys.jwks()).toEqual({
    keys: [
      {
        kty: "EC",
        crv: "P-256",
        x: own.document.signingKeys[0]?.privateKeyJwk.x,
        y: own.document.signingKeys[0]?.privateKeyJwk.y,
        kid: own.document.signingKeys[0]?.kid,
        alg: "ES256",
        use: "sig",
      },
    ],
  });
});

test("drops retired keys at the next rotation and never postpones a retirement", () => {
  const first = createSecretsDocument(NOW_MS);
  const second = rotateSigningKey(first, NOW_MS);
  const third = rotateSigningKey(second, NOW_MS + 5 * MINUTE_MS);
  expect(third.signingKeys.map((key) => (key.retiredAtMs ?? Number.POSITIVE_INFINITY) - NOW_MS)).toEqual([
    20 * MINUTE_MS,
    25 * MINUTE_MS,
    Number.POSITIVE_INFINITY,
  ]);
  const fourth = rotateSigningKey(third, NOW_MS + 20 * MINUTE_MS);
  expect(fourth.signingKeys).toHaveLength(3);
  expect(fourth.signingKeys[0]?.kid).toBe(second.signingKeys[1]?.kid);
});

test("an immediate rotation leaves the new key alone", () => {
  const document = rotateSigningKey(createSecretsDocument(NOW_MS), NOW_MS + 1, { immediately: true });
  expect(document.signingKeys.map((key) => key.activeFromMs)).toEqual([NOW_MS + 1]);
});

test("a symmetric key goes before its predecessor, which stays for one more rotation", () => {
  const first = createSecretsDocument(NOW_MS);
  const second = rotateSymmetricKey(first, "refreshKeys");
  const third = rotateSymmetricKey(second, "refreshKeys");
  expect(second.refreshKeys[1]).toBe(first.refreshKeys[0]);
  expect(third.refreshKeys[1]).toBe(second.refreshKeys[0]);
  expect(third.refreshKeys).toHaveLength(2);
  expect(third.sealingKeys).toEqual(first.sealingKeys);
});
