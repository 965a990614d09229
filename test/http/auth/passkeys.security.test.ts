// Guarantees: a passkey signs in its owner, once for each challenge, from our own pages, and alone only where it verified
// its user (attack row T12).
import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { login } from "../../support/sign-in.ts";
import {
  type Conditions,
  type SoftAuthenticator,
  softAuthenticator,
} from "../../support/soft-authenticator.ts";

const app = await startApp();
afterAll(() => app.stop());

const HERE: Conditions = { origin: "http://localhost:3000", rpId: "localhost" };

/** Somebody with a passkey. */
async function somebody() {
  const { member } = await app.tenant();
  const me = await app.signIn(member);
  const key = softAuthenticator();
  const { id, options } = (
    await me.request("POST", "/v1/me/factors", { body: { type: "passkey", label: "Key" } })
  ).body;
  const verified = await me.request("POST", `/v1/me/factors/${id}/verify`, {
    body: { credential: key.register(options, HERE) },
  });
  expect(verified.body).toMatchObject({ id, type: "passkey", verified: true });
  return { member, me, key, id, userHandle: options.user.id as string };
}

async function offer(challengeToken?: string) {
  const body = challengeToken === undefined ? {} : { challengeToken };
  return (await app.request("POST", "/v1/auth/passkey/options", { body })).body;
}

const signIn = (passkeyToken: string, credential: object) =>
  app.request("POST", "/v1/auth/passkey", { body: { passkeyToken, credential } });

test("a passkey alone signs its owner in, and is two factors", async () => {
  const { member, key, userHandle } = await somebody();
  const { passkeyToken, options } = await offer();
  expect(options).toMatchObject({ rpId: "localhost", userVerification: "required" });
  const answer = await signIn(passkeyToken, key.signIn(options, { ...HERE, userHandle }));
  expect(answer.status).toBe(200);
  expect(answer.body.session).toMatchObject({ userId: member.userId, amr: ["hwk", "user", "mfa"] });
});

test("a passkey completes a login as its second factor", async () => {
  const { member, key } = await somebody();
  const { challengeToken, factors } = (await login(app, member)).body;
  expect(factors).toMatchObject([{ type: "passkey", label: "Key" }]);
  const { passkeyToken, options } = await offer(challengeToken);
  expect(options.allowCredentials).toMatchObject([{ id: key.credentialId }]);
  const answer = await signIn(passkeyToken, key.signIn(options, { ...HERE, isUserVerified: false }));
  expect(answer.body.session.amr).toEqual(["pwd", "hwk", "mfa"]);
});

test("a passkey steps a session up", async () => {
  const { me, key } = await somebody();
  const { passkeyToken, options } = await offer();
  const body = { passkeyToken, credential: key.signIn(options, HERE) };
  const answer = await me.request("POST", "/v1/auth/step-up", { body });
  expect(answer.body.session.amr).toEqual(["pwd", "hwk", "user", "mfa"]);
  expect((await me.request("POST", "/v1/auth/step-up", { body })).status).toBe(401);
});

describe("T12 alone, it is refused", () => {
  type Wrong = (key: SoftAuthenticator, options: unknown, userHandle: string) => object;
  test.each<[string, Wrong]>([
    [
      "from another origin",
      (key, options, userHandle) =>
        key.signIn(options, { ...HERE, origin: "https://evil.example", userHandle }),
    ],
    [
      "for another relying party",
      (key, options, userHandle) => key.signIn(options, { ...HERE, rpId: "evil.example", userHandle }),
    ],
    [
      "where its user was not verified",
      (key, options, userHandle) => key.signIn(options, { ...HERE, isUserVerified: false, userHandle }),
    ],
    [
      "where its user was not there",
      (key, options, userHandle) => key.signIn(options, { ...HERE, isUserPresent: false, userHandle }),
    ],
    [
      "to another challenge",
      (key, options, userHandle) =>
        key.signIn({ ...Object(options), challenge: "AAAA" }, { ...HERE, userHandle }),
    ],
    ["without saying whose it is", (key, options) => key.signIn(options, HERE)],
    [
      "with another key",
      (_key, options, userHandle) => softAuthenticator().signIn(options, { ...HERE, userHandle }),
    ],
    [
      "when its counter went back",
      (key, options, userHandle) => {
        key.signCount = -1;
        return key.signIn(options, { ...HERE, userHandle });
      },
    ],
  ])("%s", async (_name, wrong) => {
    const { key, userHandle } = await somebody();
    const before = await offer();
    await signIn(before.passkeyToken, key.signIn(before.options, { ...HERE, userHandle }));
    const { passkeyToken, options } = await offer();
    const answer = await signIn(passkeyToken, wrong(key, options, userHandle));
    expect(answer.body.code).toBe("auth.invalid_credentials");
  });

  test("as another user's", async () => {
    const [one, other] = [await somebody(), await somebody()];
    const { passkeyToken, options } = await offer();
    const credential = one.key.signIn(options, { ...HERE, userHandle: other.userHandle });
    expect((await signIn(passkeyToken, credential)).body.code).toBe("auth.invalid_credentials");
  });

  test("a second time, also fifty times at once", async () => {
    const { key, userHandle } = await somebody();
    const { passkeyToken, options } = await offer();
    const credential = key.signIn(options, { ...HERE, userHandle });
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn(passkeyToken, credential)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await signIn(passkeyToken, credential)).status).toBe(401);
  });

  test("after five minutes", async () => {
    const { key, userHandle } = await somebody();
    const { passkeyToken, options } = await offer();
    app.clock.advance(300_000);
    const credential = key.signIn(options, { ...HERE, userHandle });
    expect((await signIn(passkeyToken, credential)).body.code).toBe("mfa.challenge_expired");
  });

  test("once its owner is disabled or has removed it", async () => {
    const { me, key, id, userHandle } = await somebody();
    const raise = await offer();
    const body = { passkeyToken: raise.passkeyToken, credential: key.signIn(raise.options, HERE) };
    const token = (await me.request("POST", "/v1/auth/step-up", { body })).body.accessToken;
    expect((await app.request("DELETE", `/v1/me/factors/${id}`, { token })).status).toBe(204);
    const { passkeyToken, options } = await offer();
    const credential = key.signIn(options, { ...HERE, userHandle });
    expect((await signIn(passkeyToken, credential)).body.code).toBe("auth.invalid_credentials");
  });
});

test("what a login asked for is answered at that login alone", async () => {
  const { me, member, key } = await somebody();
  const other = await somebody();
  const { passkeyToken, options } = await offer((await login(app, member)).body.challengeToken);
  const stepUp = { passkeyToken, credential: key.signIn(options, HERE) };
  expect((await me.request("POST", "/v1/auth/step-up", { body: stepUp })).body.code).toBe(
    "mfa.challenge_expired",
  );
  const foreign = other.key.signIn(options, { ...HERE, userHandle: other.userHandle });
  expect((await signIn(passkeyToken, foreign)).body.code).toBe("mfa.invalid_code");
});

test("a credential belongs to one user of the deployment", async () => {
  const { key } = await somebody();
  const { member } = await app.tenant();
  const me = await app.signIn(member);
  const { id, options } = (
    await me.request("POST", "/v1/me/factors", { body: { type: "passkey", label: "Mine" } })
  ).body;
  const answer = await me.request("POST", `/v1/me/factors/${id}/verify`, {
    body: { credential: key.register(options, HERE) },
  });
  expect(answer.body.code).toBe("conflict");
});

test("L09 an attack on the password does not keep a passkey out", async () => {
  const { member, key, userHandle } = await somebody();
  for (let count = 0; count < 6; count++) await login(app, { ...member, password: "a wrong password here" });
  expect((await login(app, member)).status).toBe(429);
  const { passkeyToken, options } = await offer();
  expect((await signIn(passkeyToken, key.signIn(options, { ...HERE, userHandle }))).status).toBe(200);
});
