import { createPublicKey, verify } from "node:crypto";
import speakeasy from "speakeasy";
import { expectAnswer, expectThat, textAt, Unexpected } from "./expect.ts";
import type { Send } from "./http-client.ts";
import type { Step } from "./run-smoke.ts";

/** Who signs in. */
export interface SmokeUser {
  readonly email: string;
  readonly password: string;
  /** Base32, where the user has an authenticator. */
  readonly totpSecret?: string;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

const STEP_SECONDS = 30;
const STATE = "/v1/sessions/current/state/smoke";

/** A session from its sign-in to its end, and what is on record of it: a second session reads that, and ends too. */
export function sessionSteps(send: Send, user: SmokeUser, now: () => number): readonly Step[] {
  let tokens: Tokens | undefined;
  const current = (): Tokens => {
    if (tokens === undefined) throw new Unexpected("nobody is signed in");
    return tokens;
  };
  return [
    {
      name: "sign in",
      run: async () => {
        tokens = await signIn(send, user, now() / 1000);
        return tokens.sessionId;
      },
    },
    { name: "token is signed", run: () => checkToken(send, current().accessToken) },
    {
      name: "who am I",
      run: async () => {
        const answer = await send("GET", "/v1/me", { token: current().accessToken });
        expectAnswer(answer, 200);
        expectThat(answer.at("session", "id") === current().sessionId, "it is another session");
      },
    },
    { name: "state is kept", run: () => keepState(send, current().accessToken) },
    {
      name: "refresh",
      run: async () => {
        tokens = await refresh(send, current());
      },
    },
    {
      name: "sign out",
      run: async () =>
        expectAnswer(await send("POST", "/v1/auth/logout", { token: current().accessToken }), 204),
    },
    { name: "refused afterwards", run: () => refusedAfterwards(send, current()) },
    {
      name: "on record",
      // A code is good once; that of the next half minute is good already.
      run: () =>
        onRecord(send, user, { sessionId: current().sessionId, atSeconds: now() / 1000 + STEP_SECONDS }),
    },
  ];
}

async function signIn(
  send: Send,
  { email, password, totpSecret }: SmokeUser,
  atSeconds: number,
): Promise<Tokens> {
  const login = await send("POST", "/v1/auth/login", { body: { email, password, deviceName: "smoke test" } });
  expectAnswer(login, 200);
  if (login.at("status") === "active") return tokensIn(login);
  expectThat(login.at("status") === "mfa_required", `the sign-in goes on with ${String(login.at("status"))}`);
  if (totpSecret === undefined) throw new Unexpected("a second factor is asked for: set SMOKE_TOTP_SECRET");
  const code = speakeasy.hotp({
    secret: totpSecret,
    encoding: "base32",
    counter: Math.floor(atSeconds / STEP_SECONDS),
    digits: 6,
  });
  const body = { challengeToken: textAt(login, "challengeToken"), code };
  const answer = await send("POST", "/v1/auth/mfa", { body });
  expectAnswer(answer, 200);
  return tokensIn(answer);
}

function tokensIn(answer: Awaited<ReturnType<Send>>): Tokens {
  return {
    accessToken: textAt(answer, "accessToken"),
    refreshToken: textAt(answer, "refreshToken"),
    sessionId: textAt(answer, "session", "id"),
  };
}

/** The token is one of the published keys' (RFC 9068, RFC 7515). */
async function checkToken(send: Send, token: string): Promise<void> {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const { kid, typ } = JSON.parse(Buffer.from(header, "base64url").toString());
  expectThat(typ === "at+jwt", `its type is ${typ}`);
  const jwks = await send("GET", "/.well-known/jwks.json");
  const keys: readonly Record<string, string>[] = JSON.parse(jwks.text).keys;
  const jwk = keys.find((key) => key["kid"] === kid);
  if (jwk === undefined) throw new Unexpected("its key is not published");
  const isGood = verify(
    "sha256",
    Buffer.from(`${header}.${claims}`),
    { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  expectThat(isGood, "its signature is wrong");
}

async function keepState(send: Send, token: string): Promise<void> {
  const body = { at: "smoke" };
  const written = await send("PUT", STATE, { token, body });
  expectThat(
    written.status === 200 || written.status === 201 || written.status === 204,
    `writing answered ${written.status}`,
  );
  const read = await send("GET", STATE, { token });
  expectAnswer(read, 200);
  expectThat(read.text === JSON.stringify(body), "it is not what was written");
  expectAnswer(await send("DELETE", STATE, { token }), 204);
  expectAnswer(await send("GET", STATE, { token }), 404, "not_found");
}

async function refresh(send: Send, { refreshToken, sessionId }: Tokens): Promise<Tokens> {
  const answer = await send("POST", "/v1/auth/refresh", { body: { refreshToken } });
  expectAnswer(answer, 200);
  const tokens = tokensIn(answer);
  expectThat(tokens.sessionId === sessionId, "it is another session");
  expectThat(tokens.refreshToken !== refreshToken, "the refresh token is the same");
  return tokens;
}

async function refusedAfterwards(send: Send, { accessToken, refreshToken }: Tokens): Promise<void> {
  const answer = await send("GET", "/v1/me", { token: accessToken });
  expectAnswer(answer, 401, "session.ended");
  expectThat(answer.at("reason") === "logged_out", `the reason is ${String(answer.at("reason"))}`);
  const refreshed = await send("POST", "/v1/auth/refresh", { body: { refreshToken } });
  expectThat(refreshed.status === 401, `a refresh is answered ${refreshed.status}`);
}

async function onRecord(
  send: Send,
  user: SmokeUser,
  { sessionId, atSeconds }: { readonly sessionId: string; readonly atSeconds: number },
): Promise<string> {
  const { accessToken: token } = await signIn(send, user, atSeconds);
  try {
    const answer = await send("GET", `/v1/sessions/${sessionId}/activity?limit=200`, { token });
    expectAnswer(answer, 200);
    const actions = [answer.at("items") ?? []]
      .flat()
      .map((_, index) => answer.at("items", String(index), "action"));
    for (const action of ["session:start", "session:end"]) {
      expectThat(actions.filter((one) => one === action).length === 1, `${action} is not on record once`);
    }
    return `${actions.length} records`;
  } finally {
    expectAnswer(await send("POST", "/v1/auth/logout", { token }), 204);
  }
}
