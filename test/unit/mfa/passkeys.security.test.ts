// Guarantees: a passkey answers one challenge of one relying party at one of its origins, for its own user; a copy of
// it shows by its counter; without user verification it is no sole factor (attack row T12).
import { passkeys } from "../../../lib/aws/passkeys.ts";
import type { PasskeyCredential, PasskeySignIn } from "../../../lib/mfa/passkey.ts";
import { type SoftAuthenticator, softAuthenticator } from "../../support/soft-authenticator.ts";

const OWNER = { tenantId: "ten_01kajq3h5s8zr0d6w2v9x4b7cn", userId: "usr_01kajq3h5s8zr0d6w2v9x4b7cp" };
const OTHER = { tenantId: "ten_01kajq3h5s8zr0d6w2v9x4b7cn", userId: "usr_01kajq3h5s8zr0d6w2v9x4b7cx" };
const HERE = { origin: "http://localhost:3000", rpId: "localhost" };
const handleOf = (owner: typeof OWNER) =>
  Buffer.from(`${owner.tenantId}.${owner.userId}`).toString("base64url");

const adapter = passkeys({ rpId: "localhost", rpName: "Active Session", origins: ["http://localhost:3000"] });
const begin = () =>
  adapter.registrationOptions({
    owner: OWNER,
    userName: "ada@example.com",
    displayName: "Ada",
    existing: [],
  });

async function registered(authenticator: SoftAuthenticator): Promise<PasskeyCredential> {
  const { options, challenge } = await begin();
  const credential = await adapter.verifyRegistration(authenticator.register(options, HERE), challenge);
  if (credential === undefined) throw new Error("The registration was refused.");
  return credential;
}

/** A sign-in that is right in all but what is changed. */
async function signIn(
  changes: Partial<PasskeySignIn> & { readonly conditions?: object; readonly answer?: object } = {},
): Promise<unknown> {
  const authenticator = softAuthenticator();
  const credential = await registered(authenticator);
  const { options, challenge } = await adapter.signInOptions(undefined);
  const { conditions, answer, ...rest } = changes;
  const given = authenticator.signIn(options, { ...HERE, userHandle: handleOf(OWNER), ...conditions });
  const response = { ...given, ...answer };
  return adapter.verifySignIn({
    ...{ response, challenge, owner: OWNER, credential, requireUserVerification: true },
    ...rest,
  });
}

test("registers a credential without asking for an attestation", async () => {
  const { options } = await begin();
  expect(options).toMatchObject({
    rp: { id: "localhost", name: "Active Session" },
    user: { id: handleOf(OWNER), name: "ada@example.com", displayName: "Ada" },
    attestation: "none",
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  });
  const authenticator = softAuthenticator();
  await expect(registered(authenticator)).resolves.toEqual({
    credentialId: authenticator.credentialId,
    publicKey: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
    signCount: 0,
    transports: ["internal"],
    deviceBound: true,
  });
});

test("signs in without a name, and says that the user was verified", async () => {
  await expect(signIn()).resolves.toEqual({ signCount: 1, userVerified: true });
});

test("tells whose passkey an answer claims to be", async () => {
  const authenticator = softAuthenticator();
  const { options } = await adapter.signInOptions(undefined);
  const answer = authenticator.signIn(options, { ...HERE, userHandle: handleOf(OWNER) });
  expect(adapter.identify(answer)).toEqual({ credentialId: authenticator.credentialId, owner: OWNER });
  const foreign = authenticator.signIn(options, { ...HERE, userHandle: "bm90LW91cnM" });
  expect(adapter.identify(foreign)).toEqual({ credentialId: authenticator.credentialId, owner: undefined });
});

test("names the user's credentials where a password went before, and not for the next registration", async () => {
  const credential = await registered(softAuthenticator());
  const { options } = await adapter.signInOptions([credential]);
  expect(options).toMatchObject({
    allowCredentials: [{ id: credential.credentialId, type: "public-key", transports: ["internal"] }],
    userVerification: "preferred",
  });
  const again = await adapter.registrationOptions({
    ...{ owner: OWNER, userName: "ada@example.com", displayName: "Ada", existing: [credential] },
  });
  expect(again.options).toMatchObject({ excludeCredentials: [{ id: credential.credentialId }] });
});

test("demands a verified user where nobody is named", async () => {
  const { options } = await adapter.signInOptions(undefined);
  expect(options).toMatchObject({ userVerification: "required" });
});

test("T12 gives every challenge once", async () => {
  const options = await Promise.all(Array.from({ length: 20 }, () => adapter.signInOptions(undefined)));
  expect(new Set(options.map(({ challenge }) => challenge)).size).toBe(20);
});

describe("T12 refuses a sign-in", () => {
  test.each([
    ["at another origin", { conditions: { origin: "http://localhost:3001" } }],
    ["at an origin that only begins alike", { conditions: { origin: "http://localhost:3000.example" } }],
    ["for another relying party", { conditions: { rpId: "example.com" } }],
    ["to another challenge", { challenge: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }],
    ["without user verification as sole factor", { conditions: { isUserVerified: false } }],
    ["without user presence", { conditions: { isUserPresent: false }, requireUserVerification: false }],
    ["of another user", { owner: OTHER }],
    ["with another user's handle", { conditions: { userHandle: handleOf(OTHER) } }],
    ["under another id", { answer: { id: "AAAA", rawId: "AAAA" } }],
    ["of another type", { answer: { type: "password" } }],
  ])("%s", async (_name, changes) => {
    await expect(signIn(changes)).resolves.toBeUndefined();
  });

  test("with the credential of another authenticator", async () => {
    const other = await registered(softAuthenticator());
    const authenticator = softAuthenticator();
    const { credentialId } = await registered(authenticator);
    const { options, challenge } = await adapter.signInOptions(undefined);
    const response = authenticator.signIn(options, HERE);
    const stored = { ...other, credentialId };
    await expect(
      adapter.verifySignIn({
        ...{ response, challenge, owner: OWNER, credential: stored, requireUserVerification: true },
      }),
    ).resolves.toBeUndefined();
  });

  test.each([
    [5, 5],
    [5, 4],
    [1, 0],
  ])("whose counter went from %d to %d", async (stored, presented) => {
    const authenticator = softAuthenticator();
    const credential = { ...(await registered(authenticator)), signCount: stored };
    const { options, challenge } = await adapter.signInOptions(undefined);
    authenticator.signCount = presented - 1;
    const response = authenticator.signIn(options, HERE);
    await expect(
      adapter.verifySignIn({ response, challenge, owner: OWNER, credential, requireUserVerification: true }),
    ).resolves.toBeUndefined();
  });

  test("with a registration's answer, and a registration with a sign-in's", async () => {
    const authenticator = softAuthenticator();
    const credential = await registered(authenticator);
    const { options, challenge } = await begin();
    const registration = authenticator.register(options, HERE);
    const assertion = authenticator.signIn(options, HERE);
    await expect(
      adapter.verifySignIn({
        ...{ response: registration, challenge, owner: OWNER, credential, requireUserVerification: true },
      }),
    ).resolves.toBeUndefined();
    await expect(adapter.verifyRegistration(assertion, challenge)).resolves.toBeUndefined();
  });
});

test("takes a second factor without user verification, and says so", async () => {
  await expect(
    signIn({ conditions: { isUserVerified: false }, requireUserVerification: false }),
  ).resolves.toEqual({ signCount: 1, userVerified: false });
});

test("takes authenticators that keep no counter", async () => {
  const authenticator = softAuthenticator();
  const credential = await registered(authenticator);
  const { options, challenge } = await adapter.signInOptions(undefined);
  authenticator.signCount = -1;
  const response = authenticator.signIn(options, HERE);
  await expect(
    adapter.verifySignIn({ response, challenge, owner: OWNER, credential, requireUserVerification: true }),
  ).resolves.toEqual({ signCount: 0, userVerified: true });
});

describe("T12 refuses a registration", () => {
  test.each([
    ["at another origin", { origin: "https://localhost:3000" }],
    ["for another relying party", { rpId: "local" }],
    ["without user presence", { isUserPresent: false }],
  ])("%s", async (_name, conditions) => {
    const { options, challenge } = await begin();
    const answer = softAuthenticator().register(options, { ...HERE, ...conditions });
    await expect(adapter.verifyRegistration(answer, challenge)).resolves.toBeUndefined();
  });

  test("to another challenge", async () => {
    const [first, second] = [await begin(), await begin()];
    const answer = softAuthenticator().register(first.options, HERE);
    await expect(adapter.verifyRegistration(answer, second.challenge)).resolves.toBeUndefined();
  });
});

test.each([
  [null],
  [7],
  ["text"],
  [[]],
  [{}],
  [{ id: "AA", rawId: "AA", type: "public-key" }],
  [{ id: "AA", rawId: "AA", type: "public-key", response: null }],
  [{ id: "AA", rawId: "AB", type: "public-key", response: { clientDataJSON: "AA" } }],
  [{ id: {}, rawId: {}, type: "public-key", response: { clientDataJSON: [] } }],
  [
    {
      ...{ id: "AA", rawId: "AA", type: "public-key" },
      response: { clientDataJSON: "AA", authenticatorData: "AA", signature: "AA", attestationObject: "AA" },
    },
  ],
])("refuses %j without a defect", async (response) => {
  const credential = await registered(softAuthenticator());
  expect(await adapter.verifyRegistration(response, "AA")).toBeUndefined();
  expect(
    await adapter.verifySignIn({
      ...{ response, challenge: "AA", owner: OWNER, credential, requireUserVerification: false },
    }),
  ).toBeUndefined();
});
