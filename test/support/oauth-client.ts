import type { Answer } from "./answer-check.ts";
import type { RequestOptions, SignedIn, TestApp } from "./app.ts";

/** What an API key is shown with. */
export interface KeyAndSecret {
  readonly id: string;
  readonly secret: string;
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** A request with a form, as OAuth's endpoints take it. */
export function asForm(
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): RequestOptions {
  return { body: new URLSearchParams(form).toString(), headers: { ...FORM, ...headers } };
}

/** Makes an API key. @throws where it cannot be made */
export async function makeKey(by: SignedIn, body: object = {}): Promise<KeyAndSecret> {
  const made = await by.request("POST", "/v1/api-keys", {
    body: { name: "deploy", roles: ["member"], ...body },
  });
  if (made.status !== 201) throw new Error(made.text);
  return made.body;
}

/** Asks for a token by an API key. */
export async function tokenOf(
  app: Pick<TestApp, "request">,
  key: KeyAndSecret,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const shown = { client_id: key.id, client_secret: key.secret };
  const form = { grant_type: "client_credentials", ...shown, ...more };
  return await app.request("POST", "/oauth/token", asForm(form));
}

/** The claims of an access token, unchecked. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

/** Exchanges a CI provider's token. */
export async function exchange(
  app: Pick<TestApp, "request">,
  token: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const form = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    subject_token: token,
  };
  return await app.request("POST", "/oauth/token", asForm({ ...form, ...more }));
}
