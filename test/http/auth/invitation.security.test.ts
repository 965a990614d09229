// Guarantees: an invitation makes one account, once, within seven days, and signs in as any sign-in does.
import { afterAll, expect, test } from "@jest/globals";
import type { TenantOptions } from "../../support/accounts.ts";
import { startApp } from "../../support/app.ts";
import { messagesTo } from "../../support/outbox.ts";
import { login } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

const PASSWORD = "seven quiet otters under ice";
const DAY = 86_400_000;
let invited = 0;

async function invite(options: TenantOptions = {}) {
  const { id, owner } = await app.tenant(options);
  const admin = await app.signIn(owner);
  const email = `invited-${invited++}@example.com`;
  const created = await admin.request("POST", "/v1/users", {
    body: { email, name: "Ida", roles: ["member"] },
  });
  const [letter] = messagesTo(email);
  return { id, admin, email, userId: created.body.id as string, token: letter?.data.token ?? "" };
}

const accept = (token: string, password = PASSWORD) =>
  app.request("POST", "/v1/auth/invitation/accept", { body: { token, password } });

test("accepting one sets the password and signs in", async () => {
  const { id, email, userId, token } = await invite();
  const answer = await accept(token);
  expect(answer.body).toMatchObject({
    status: "active",
    session: { userId, amr: ["pwd"], roles: ["member"] },
  });
  expect((await app.request("GET", "/v1/me", { token: answer.body.accessToken })).status).toBe(200);
  expect((await login(app, { email, password: PASSWORD })).status).toBe(200);
  const actions = (await app.records(id, answer)).map(({ action }) => action);
  expect(actions.sort()).toEqual(["auth:invitation-accept", "session:start"]);
});

test("where the tenant demands a second factor it leads to the enrolment of one", async () => {
  const { token, email } = await invite({ policy: { mfa: "required" } });
  expect((await accept(token)).body).toEqual({
    status: "mfa_enrollment_required",
    challengeToken: expect.any(String),
  });
  expect((await accept(token)).body.code).toBe("auth.token_invalid");
  expect((await login(app, { email, password: PASSWORD })).body.status).toBe("mfa_enrollment_required");
});

test("it is good once, also when twenty accept it at once", async () => {
  const { email, token } = await invite();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => accept(token, `${PASSWORD} number ${index}`)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, "auth.token_invalid"]));
  const winner = answers.findIndex(({ status }) => status === 200);
  expect((await login(app, { email, password: `${PASSWORD} number ${winner}` })).status).toBe(200);
});

test("it is over after seven days", async () => {
  const { token } = await invite();
  app.clock.advance(7 * DAY);
  expect((await accept(token)).body.code).toBe("auth.token_invalid");
});

test("it is over when its user is disabled or removed", async () => {
  const { admin, userId, token } = await invite();
  await admin.request("PATCH", `/v1/users/${userId}`, { body: { disabled: true } });
  expect((await accept(token)).body.code).toBe("auth.token_invalid");
  await admin.request("DELETE", `/v1/users/${userId}`);
  expect((await accept(token)).body.code).toBe("auth.token_invalid");
});

test("a bad password does not use it up, nor does a changed token pass", async () => {
  const { token } = await invite();
  expect((await accept(token, "short")).body.errors[0].pointer).toBe("/password");
  const changed = token.slice(0, -2) + (token.endsWith("AA") ? "QQ" : "AA");
  expect((await accept(changed)).body.code).toBe("auth.token_invalid");
  expect((await accept(token)).status).toBe(200);
});
