import { afterAll, describe, expect, test } from "@jest/globals";
import speakeasy from "speakeasy";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const appCode = (secret: string) =>
  speakeasy.totp({ secret, encoding: "base32", time: Math.floor(app.clock.now() / 1000) });

describe("an authenticator app", () => {
  test("is added with a secret and a QR code, and counts once it was shown to work", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const added = await me.request("POST", "/v1/me/factors", { body: { type: "totp", label: "Phone" } });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      id: expect.stringMatching(/^fac_/),
      type: "totp",
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      otpauthUri: expect.stringContaining("otpauth://totp/"),
      qrSvg: expect.stringContaining("<svg"),
    });
    expect((await me.request("GET", "/v1/me")).body.user.factorTypes).toEqual([]);
    const verified = await me.request("POST", `/v1/me/factors/${added.body.id}/verify`, {
      body: { code: appCode(added.body.secret) },
    });
    expect(verified.status).toBe(200);
    expect(verified.body).toMatchObject({ id: added.body.id, label: "Phone", verified: true });
    expect(verified.body.recoveryCodes).toHaveLength(10);
    expect((await me.request("GET", "/v1/me")).body.user.factorTypes).toEqual(["totp"]);
    const listed = await me.request("GET", "/v1/me/factors");
    expect(listed.body).toMatchObject({
      items: [{ id: added.body.id, type: "totp", label: "Phone", verified: true }],
      nextCursor: null,
      recoveryCodesLeft: 10,
    });
    expect(listed.text).not.toContain(added.body.secret);
  });
});

test("a sign-in that demands a factor is completed by enrolling one", async () => {
  const { member } = await app.tenant({ policy: { mfa: "required" } });
  const login = await app.request("POST", "/v1/auth/login", {
    body: { email: member.email, password: member.password, deviceName: "Desk" },
  });
  expect(login.body).toEqual({
    status: "mfa_enrollment_required",
    challengeToken: expect.any(String),
  });
  const headers = { authorization: `Challenge ${login.body.challengeToken}` };
  const added = await app.request("POST", "/v1/me/factors", {
    headers,
    body: { type: "totp", label: "Phone" },
  });
  expect(added.status).toBe(201);
  const verified = await app.request("POST", `/v1/me/factors/${added.body.id}/verify`, {
    headers,
    body: { code: appCode(added.body.secret) },
  });
  expect(verified.body).toMatchObject({
    id: added.body.id,
    status: "active",
    tokenType: "Bearer",
    session: { amr: ["pwd", "otp", "mfa"], device: { name: "Desk" } },
  });
  expect(verified.body.recoveryCodes).toHaveLength(10);
  const me = await app.request("GET", "/v1/me", { token: verified.body.accessToken });
  expect(me.body.user.factorTypes).toEqual(["totp"]);
});
