/**
 * `node scripts/bench/round-trips.ts`: what signing in, going on and signing out cost in DynamoDB, counted at the client
 * of the handlers: waits in a row, calls, read and write units (`ReturnConsumedCapacity`). `-- --json` prints JSON.
 */
import speakeasy from "speakeasy";
import { type CallCount, countCalls } from "./count-calls.ts";
import { type BenchAnswer, type BenchRequest, PASSWORD, startProduct, TOTP_SECRET } from "./product.ts";

const product = await startProduct();
const counter = countCalls(product.client);
const rows: (CallCount & { readonly name: string })[] = [];

const login = (email: string) =>
  product.call(
    "functions/auth/login",
    "POST /v1/auth/login",
    post("/v1/auth/login", { email, password: PASSWORD }),
  );
const refresh = (refreshToken: string) =>
  product.call("functions/auth/refresh", "POST /v1/auth/refresh", post("/v1/auth/refresh", { refreshToken }));
const sessions = (token: string) =>
  product.call("functions/sessions/index", "GET /v1/sessions", {
    method: "GET",
    path: "/v1/sessions",
    token,
  });

const alone = await product.addTenant();
const withFactor = await product.addTenant({}, { totp: true });
const manifold = await product.addTenant({ maxConcurrentSessions: 100 });
// The first call of each kind also reads what a process keeps: keys and roles.
await sessions((await login(alone)).body.accessToken);

const opened = await measured("sign-in with a password alone", () => login(alone));
const asked = await measured("password step before a second factor", () => login(withFactor));
const code = speakeasy.totp({ secret: TOTP_SECRET, encoding: "base32" });
await measured("second factor", () =>
  product.call(
    "functions/auth/verify-mfa",
    "POST /v1/auth/mfa",
    post("/v1/auth/mfa", { challengeToken: asked.body.challengeToken, code }),
  ),
);
await measured("refused sign-in", () =>
  product.call(
    "functions/auth/login",
    "POST /v1/auth/login",
    post("/v1/auth/login", { email: alone, password: "a password that is not right" }),
  ),
);
await measured("authorised request: the list of one's sessions", () => sessions(opened.body.accessToken));
const next = await measured("refresh", () => refresh(opened.body.refreshToken));
await measured("refresh once more with the token before", () => refresh(opened.body.refreshToken));
await measured("sign-out", () =>
  product.call("functions/auth/index", "POST /v1/auth/logout", {
    method: "POST",
    path: "/v1/auth/logout",
    token: next.body.accessToken,
  }),
);
for (let count = 0; count < 99; count++) await login(manifold);
const { accessToken: token } = (await login(manifold)).body;
const revoked = await measured("end of all 100 sessions of a user", () =>
  product.call("functions/sessions/index", "POST /v1/sessions/revoke", {
    ...post("/v1/sessions/revoke", {}),
    token,
  }),
);
if (revoked.body.revoked !== 100) throw new Error(`${revoked.body.revoked} sessions were ended.`);
product.stop();

if (process.argv.includes("--json")) {
  process.stdout.write(`${JSON.stringify({ rows })}\n`);
} else {
  for (const { name, tripsInARow, calls, readUnits, writeUnits } of rows) {
    process.stdout.write(
      `${name.padEnd(50)} ${tripsInARow} in a row, ${calls} calls, ${readUnits} read and ${writeUnits} write units\n`,
    );
  }
}

function post(path: string, body: object): BenchRequest {
  return { method: "POST", path, body };
}

async function measured(name: string, work: () => Promise<BenchAnswer>): Promise<BenchAnswer> {
  counter.take();
  const answer = await work();
  rows.push({ name, ...counter.take() });
  return answer;
}
