// Guarantees: what is secret is nowhere but where it belongs: not in the service's log, on record, in an export, in an
// answer that refuses, in a letter that is not about it, nor as it is in a table (attack row G04).
import { afterAll, expect, jest, test } from "@jest/globals";
import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import { startApp } from "../../support/app.ts";
import { localClient } from "../../support/dynamodb-local.ts";
import { everyRow } from "../../support/every-row.ts";
import { feedsOn, startGateway } from "../../support/live-feeds.ts";
import { tokenOf } from "../../support/oauth-client.ts";
import { messagesTo } from "../../support/outbox.ts";
import { addApp, codeAt, login, verify } from "../../support/sign-in.ts";
import { webhookReceiver } from "../../support/webhook-receiver.ts";
import { addAgent, grant, look } from "../support/support-client.ts";

const gateway = await startGateway();
const receiver = await webhookReceiver();
const env = { LIVE_ENDPOINT: gateway.url, WEBHOOKS_TO_LOCALHOST: "allow" };
const app = await startApp({ env: { ...env, POWERTOOLS_LOG_LEVEL: "DEBUG" } });
const feedOf = feedsOn(app);
const client = localClient();
const logged: string[] = [];
for (const stream of [process.stdout, process.stderr]) {
  jest.spyOn(stream, "write").mockImplementation((chunk) => {
    logged.push(String(chunk));
    return true;
  });
}
afterAll(async () => {
  jest.restoreAllMocks();
  client.destroy();
  gateway.stop();
  await receiver.stop();
  await app.stop();
});

const PASSWORDS = {
  first: "canary alpha owl reads",
  second: "canary bravo owl reads",
  third: "canary delta owl reads",
  wrong: "canary gamma owl reads",
};

/** A life with every secret that there is in one; what of it is secret, by name. */
async function live() {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  const email = `canary-${tenant.id.slice(-8)}@northwind.example`;
  const secrets: Record<string, string> = { ...PASSWORDS };
  const keep = (name: string, secret: unknown) => {
    expect([name, typeof secret]).toEqual([name, "string"]);
    secrets[name] = String(secret);
  };

  const feed = await feedOf(owner);
  const eventTypes = ["session.started", "session.ended", "alert.opened", "alert.updated"];
  const hook = await owner.request("POST", "/v1/webhooks", { body: { url: receiver.url, eventTypes } });
  keep("replaced webhook secret", hook.body.secret);
  const rotated = await owner.request("POST", `/v1/webhooks/${hook.body.id}/rotate-secret`);
  keep("webhook secret", rotated.body.secret);
  await owner.request("POST", "/v1/users", { body: { email, roles: ["admin"] } });
  await app.deliverStreams();
  const invitation = messagesTo(email).at(-1)?.data.token;
  keep("invitation", invitation);
  const accepted = await app.request("POST", "/v1/auth/invitation/accept", {
    body: { token: invitation, password: PASSWORDS.first },
  });
  keep("access token", accepted.body.accessToken);
  keep("refresh token", accepted.body.refreshToken);
  const me = {
    request: (...[method, path, options]: Parameters<typeof app.request>) =>
      app.request(method, path, { ...options, token: accepted.body.accessToken }),
  };
  const factor = await addApp(app, me);
  keep("TOTP secret", factor.secret);
  keep("void recovery code", factor.recoveryCodes[0]);
  const phone = "+4915112345678";
  app.clock.advance(30_000);
  const raised = await me.request("POST", "/v1/auth/step-up", { body: { code: codeAt(app, factor.secret) } });
  keep("raised access token", raised.body.accessToken);
  const token = raised.body.accessToken;
  // An answer that is given again to a repeated request is kept for a day.
  const headers = { "idempotency-key": "once" };
  const { recoveryCodes } = (await app.request("POST", "/v1/me/recovery-codes", { token, headers })).body;
  const again = await app.request("POST", "/v1/me/recovery-codes", { token, headers });
  expect(again.body).toEqual({ recoveryCodes });
  keep("recovery code", recoveryCodes[0]);
  keep("used recovery code", recoveryCodes[1]);
  await app.request("POST", "/v1/me/factors", { token, body: { type: "sms", label: "Phone", phone } });
  const texted = messagesTo(phone).at(-1)?.data.code;
  const changed = { currentPassword: PASSWORDS.first, newPassword: PASSWORDS.second };
  expect((await app.request("POST", "/v1/auth/password", { token, body: changed })).status).toBe(204);
  const challenge = (await login(app, { email, password: PASSWORDS.second })).body.challengeToken;
  keep("challenge", challenge);
  expect((await verify(app, challenge, recoveryCodes[1])).status).toBe(200);
  await app.request("POST", "/v1/auth/password-reset", { body: { email } });
  await app.deliverStreams();
  const reset = messagesTo(email).at(-1)?.data.token;
  keep("reset", reset);
  const body = { token: reset, newPassword: PASSWORDS.third };
  expect((await app.request("POST", "/v1/auth/password-reset/confirm", { body })).status).toBe(204);
  const ticket = await owner.request("POST", "/v1/live/tickets");
  keep("ticket", ticket.body.ticket);
  const named = { body: { name: "CI", roles: ["member"] }, headers };
  const key = await owner.request("POST", "/v1/api-keys", named);
  keep("API key", key.body.secret);
  keep("token of a program", (await tokenOf(app, key.body)).body.access_token);
  const refreshed = await app.request("POST", "/v1/auth/refresh", {
    body: { refreshToken: owner.refreshToken },
  });
  keep("used refresh token", owner.refreshToken);
  keep("refreshed access token", refreshed.body.accessToken);
  keep("refreshed refresh token", refreshed.body.refreshToken);
  const agent = await addAgent(app, await app.tenant({ id: PLATFORM_TENANT_ID }));
  const view = await look(app, agent, await grant(owner, { agentEmail: agent.user.email }));
  keep("support access token", view.accessToken);
  keep("support refresh token", view.refreshToken);
  await owner.request("POST", "/v1/resources", {
    body: { type: "volume", name: "disk", spec: { sizeGiB: 1 } },
  });
  return { tenant, owner, email, phone, texted, token, feed, view, secrets };
}

/** The forms that a secret may have in a text: as it is, in a URL, in a form, as bytes in hex, and in base64 at any place. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    // What the bytes before and after it have a part in is cut off.
    const inner = (text: string) => text.slice(shift === 0 ? 0 : 4, 4 * Math.floor(padded.length / 3));
    return [inner(padded.toString("base64")), inner(padded.toString("base64url"))];
  });
  const url = encodeURIComponent(secret);
  return [secret, url, url.replaceAll("%20", "+"), bytes.toString("hex"), ...shifted];
}

test("G04 no secret is where it does not belong", async () => {
  const { tenant, owner, email, phone, texted, token, feed, view, secrets } = await live();

  // Each secret once more, in every place of a request that it does not belong to, so that it is refused.
  const refusals: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    const body = { email, password: secret, [secret]: secret };
    const answers = [
      await app.request("POST", "/v1/auth/login", { body }),
      await app.request("POST", "/v1/auth/login", { body: `{"email":"${secret}","password":"${secret}` }),
      await app.request("POST", "/v1/auth/refresh", { body: { refreshToken: `${secret}x` } }),
      await app.request("POST", "/v1/auth/mfa", {
        body: { challengeToken: `${secret}x`, code: secret.slice(0, 64) },
      }),
      await app.request("GET", "/v1/me", { token: `${secret}x` }),
      await app.request("POST", "/v1/auth/password-reset/confirm", {
        body: { token: `${secret}x`, newPassword: secret },
      }),
      await owner.request("POST", "/v1/auth/step-up", {
        body: { code: secret.slice(0, 64), [name]: secret },
      }),
      await app.request("GET", `/v1/sessions/current?access_token=${encodeURIComponent(secret)}`),
      await owner.request("GET", `/v1/activity?cursor=${encodeURIComponent(secret)}`),
      await app.request("GET", "/v1/me", {
        headers: { authorization: `Basic ${Buffer.from(`key:${secret}`).toString("base64")}` },
      }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      refusals.push(answer.text.replaceAll(`"/${secret}"`, ""), JSON.stringify(answer.headers));
    }
  }
  await login(app, { email, password: PASSWORDS.wrong });
  await app.deliverStreams();
  for (const schedule of ["sealActivity", "rollUpMetrics"]) await app.invoke(schedule, {});

  const places: Record<string, string> = { refusals: refusals.join("\n"), log: logged.join("") };
  for (const format of ["jsonl", "csv", "ocsf"]) {
    const exported = await owner.request("GET", `/v1/activity/export?format=${format}&limit=1000`);
    expect(exported.status).toBe(200);
    places[format] = exported.text;
  }
  for (const path of [
    "/v1/activity?limit=200",
    "/v1/alerts",
    "/v1/sessions",
    "/v1/users",
    "/v1/api-keys",
    "/v1/me",
    "/v1/resources",
    "/v1/usage",
    "/v1/metrics?groupBy=action",
    "/v1/billing/preview",
    "/v1/invoices",
    "/v1/webhooks",
    "/v1/support/grants",
  ]) {
    places[path] = (await owner.request("GET", path)).text;
    places[`${path} by support`] = (await view.request("GET", path)).text;
  }
  places["live feed"] = JSON.stringify(gateway.sent(feed));
  places["webhook messages"] = JSON.stringify(receiver.received);
  places["factors"] = (await app.request("GET", "/v1/me/factors", { token })).text;
  places["tables"] = await everyRow(client);
  // A letter and a message bear the one secret that they are about.
  const ownWords = new Set([secrets["invitation"], secrets["reset"]]);
  places["outbox"] = JSON.stringify(
    [...messagesTo(email), ...messagesTo(phone)].filter(({ data }) => !ownWords.has(data.token)),
  );

  expect(logged.length).toBeGreaterThan(100);
  expect((await app.records(tenant.id)).length).toBeGreaterThan(20);
  expect(gateway.sent(feed).length).toBeGreaterThan(20);
  expect(receiver.received.length).toBeGreaterThan(0);
  const forms = Object.entries(secrets).map(([name, secret]) => [name, formsOf(secret)] as const);
  const found = Object.entries(places).flatMap(([place, text]) =>
    forms.flatMap(([name, of]) => (of.some((form) => text.includes(form)) ? [`${name} in ${place}`] : [])),
  );
  expect(found).toEqual([]);
  // Six digits may be anywhere by chance; as a word they are not.
  const { outbox: _theirs, ...others } = places;
  const code = new RegExp(`"[^"]*\\b${texted}\\b[^"]*"`);
  expect(Object.entries(others).filter(([, text]) => code.test(text))).toEqual([]);
});
