import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "@jest/globals";
import { issuerKeys } from "../../../lib/aws/workflow-issuer-keys.ts";

const ISSUER = "https://ci.example.com";

function rsaJwk(more: object = {}) {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...publicKey.export({ format: "jwk" }), kid: "one", use: "sig", ...more };
}

/** An issuer that answers from memory and counts. */
function issuer(keys: () => readonly object[], discovery: object = {}) {
  const fetched: string[] = [];
  const fetchJson = async (url: string): Promise<unknown> => {
    fetched.push(url);
    return url.endsWith("/jwks")
      ? { keys: keys() }
      : { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks`, ...discovery };
  };
  return { fetched, fetchJson };
}

const ONE = { kid: "one", algorithm: "RS256" } as const;

test("an issuer is asked once in ten minutes, also by many tokens at once", async () => {
  let nowMs = 0;
  const jwk = rsaJwk();
  const { fetched, fetchJson } = issuer(() => [jwk]);
  const keys = issuerKeys({ fetchJson, now: () => nowMs });
  await Promise.all([1, 2, 3].map(() => keys.find(ISSUER, ONE)));
  nowMs = 599_999;
  expect((await keys.find(ISSUER, ONE))?.kid).toBe("one");
  expect(fetched).toEqual([`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/jwks`]);
  nowMs = 600_000;
  await keys.find(ISSUER, ONE);
  expect(fetched).toHaveLength(4);
});

test("names that are made up have an issuer asked again once in a minute, and no more", async () => {
  let nowMs = 0;
  const jwk = rsaJwk();
  const { fetched, fetchJson } = issuer(() => [jwk]);
  const keys = issuerKeys({ fetchJson, now: () => nowMs });
  for (const kid of ["a", "b", "c"]) expect(await keys.find(ISSUER, { ...ONE, kid })).toBeUndefined();
  expect(fetched).toHaveLength(2);
  nowMs = 60_000;
  for (const kid of ["a", "b", "c"]) expect(await keys.find(ISSUER, { ...ONE, kid })).toBeUndefined();
  expect(fetched).toHaveLength(4);
});

test("an issuer that failed is asked again by the next token", async () => {
  let isUp = false;
  const { fetchJson } = issuer(() => [rsaJwk()]);
  const flaky = async (url: string) => {
    if (!isUp) throw new Error("down");
    return await fetchJson(url);
  };
  const keys = issuerKeys({ fetchJson: flaky, now: () => 0 });
  await expect(keys.find(ISSUER, ONE)).rejects.toThrow("down");
  isUp = true;
  expect((await keys.find(ISSUER, ONE))?.kid).toBe("one");
});

test("a token without a name of a key is good where there is one key for its algorithm, and no more", async () => {
  const unnamed = { kid: undefined, algorithm: "RS256" } as const;
  const single = issuerKeys({ ...issuer(() => [rsaJwk()]), now: () => 0 });
  const double = issuerKeys({ ...issuer(() => [rsaJwk(), rsaJwk({ kid: "two" })]), now: () => 0 });
  expect((await single.find(ISSUER, unnamed))?.kid).toBe("one");
  expect(await double.find(ISSUER, unnamed)).toBeUndefined();
});

test.each([
  ["for encryption", { use: "enc" }],
  ["for another algorithm", { alg: "PS256" }],
  ["that is a secret", { kty: "oct", k: "c2VjcmV0" }],
  ["that cannot be read", { n: "!", e: undefined }],
])("a key %s is passed over", async (_what, change) => {
  const keys = issuerKeys({ ...issuer(() => [rsaJwk(change)]), now: () => 0 });
  expect(await keys.find(ISSUER, ONE)).toBeUndefined();
});

test("a discovery document that is another issuer's gives no keys", async () => {
  const other = issuer(() => [rsaJwk()], { issuer: "https://evil.example.com" });
  const keys = issuerKeys({ ...other, now: () => 0 });
  await expect(keys.find(ISSUER, ONE)).rejects.toThrow("another issuer's");
});

test("the keys of a hundred issuers are remembered, and of no more", async () => {
  const fetched: string[] = [];
  const fetchJson = async (url: string): Promise<unknown> => {
    fetched.push(url);
    const { origin } = new URL(url);
    return url.endsWith("/jwks") ? { keys: [] } : { issuer: origin, jwks_uri: `${origin}/jwks` };
  };
  const keys = issuerKeys({ fetchJson, now: () => 0 });
  const ask = (index: number) => keys.find(`https://ci-${index}.example.com`, ONE);
  for (let index = 0; index <= 100; index++) await ask(index);
  expect(fetched).toHaveLength(202);
  await ask(100);
  expect(fetched).toHaveLength(202);
  await ask(0);
  expect(fetched).toHaveLength(204);
});
