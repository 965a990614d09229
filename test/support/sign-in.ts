import speakeasy from "speakeasy";
import type { TestUser } from "./accounts.ts";
import type { Answer } from "./answer-check.ts";
import type { RequestOptions, TestApp } from "./app.ts";

/** The code of a secret so many steps of 30 s from now. */
export function codeAt(app: Pick<TestApp, "clock">, secret: string, steps = 0): string {
  const time = Math.floor(app.clock.now() / 1000) + steps * 30;
  return speakeasy.totp({ secret, encoding: "base32", time });
}

/** Sends a password, right unless said otherwise. */
export async function login(
  app: Pick<TestApp, "request">,
  { email, password }: Pick<TestUser, "email" | "password">,
  options: RequestOptions = {},
): Promise<Answer> {
  return await app.request("POST", "/v1/auth/login", { ...options, body: { email, password } });
}

/** Sends a code for a challenge. */
export async function verify(
  app: Pick<TestApp, "request">,
  challengeToken: string,
  code: string,
  options: RequestOptions = {},
): Promise<Answer> {
  return await app.request("POST", "/v1/auth/mfa", { ...options, body: { challengeToken, code } });
}

/** Adds an authenticator app to who has signed in, and verifies it: its secret and the recovery codes. */
export async function addApp(
  app: Pick<TestApp, "clock">,
  me: { readonly request: TestApp["request"] },
): Promise<{ id: string; secret: string; recoveryCodes: readonly string[] }> {
  const added = await me.request("POST", "/v1/me/factors", { body: { type: "totp", label: "App" } });
  const { id, secret } = added.body;
  const verified = await me.request("POST", `/v1/me/factors/${id}/verify`, {
    body: { code: codeAt(app, secret) },
  });
  return { id, secret, recoveryCodes: verified.body.recoveryCodes };
}
