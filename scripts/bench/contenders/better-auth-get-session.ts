import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";

/** What a measured person signs in with. */
const CREDENTIALS = { email: "ada@example.com", password: "correct horse battery staple" };
const BASE_URL = "http://localhost:3000";

/** better-auth's own handler for get-session, its store in memory, without rate limits and logging. */
export async function prepare(): Promise<() => Promise<void>> {
  const auth = betterAuth({
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    emailAndPassword: { enabled: true },
    secret: "a secret of the measurement, 32 characters",
    baseURL: BASE_URL,
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
  });
  const cookie = await cookieOf(auth.handler);
  return async () => {
    const answer = await auth.handler(
      new Request(`${BASE_URL}/api/auth/get-session`, { headers: { cookie, "user-agent": "bench/1.0" } }),
    );
    const body: unknown = await answer.json();
    if (body === null) throw new Error("better-auth does not know the session.");
  };
}

/** Signs a person up, and gives the cookie of the session that this opens. */
async function cookieOf(handler: (request: Request) => Promise<Response>): Promise<string> {
  const answer = await handler(
    new Request(`${BASE_URL}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: BASE_URL },
      body: JSON.stringify({ ...CREDENTIALS, name: "Ada" }),
    }),
  );
  if (!answer.ok) throw new Error(`better-auth answered ${answer.status}: ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}
