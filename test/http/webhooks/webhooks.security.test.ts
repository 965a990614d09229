// Guarantees: an endpoint is no way out of the deployment's network and none out of a session: its URL is public, its
// secret is shown once and is in no record and no row as it is, and who registers one has just verified a factor.
import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { localClient } from "../../support/dynamodb-local.ts";
import { everyRow } from "../../support/every-row.ts";
import { webhookReceiver } from "../../support/webhook-receiver.ts";

const app = await startApp({ env: { WEBHOOKS_TO_LOCALHOST: "allow" } });
const receiver = await webhookReceiver();
const client = localClient();
afterAll(async () => {
  client.destroy();
  await receiver.stop();
  await app.stop();
});
const tenant = await app.tenant();
const owner = await app.signIn(tenant.owner);

describe("I18 a URL that is not public is refused at once, and not called:", () => {
  test.each([
    ...["http://127.0.0.1:PORT/", "https://127.0.0.1:PORT/", "http://0x7f.1:PORT/", "https://[::1]:PORT/"],
    ...["https://[::ffff:127.0.0.1]:PORT/", "http://169.254.169.254/", "https://169.254.169.254/latest/"],
    ...["https://user:pw@example.com/", "https://2130706433:PORT/", "javascript:alert(1)", "nonsense"],
  ])("%s", async (template) => {
    const url = template.replace("PORT", String(receiver.port));
    const made = await owner.request("POST", "/v1/webhooks", { body: { url } });
    expect([made.status, made.body.code, made.body.errors[0].pointer]).toEqual([
      ...[400, "request.invalid"],
      "/url",
    ]);
    const rules = [{ rule: "mfa.fatigue", webhook: url }];
    const named = await owner.request("PUT", "/v1/alert-rules", { body: { rules } });
    expect([named.status, named.body.errors[0].pointer]).toEqual([400, "/rules/0/webhook"]);
    expect(receiver.received).toEqual([]);
  });
});

test("the secret is shown once, and is nowhere as it is", async () => {
  const body = { url: `${receiver.url}?token=of-theirs`, eventTypes: [] };
  const headers = { "idempotency-key": "once" };
  const made = await owner.request("POST", "/v1/webhooks", { body, headers });
  const { id, secret } = made.body;
  const again = await owner.request("POST", "/v1/webhooks", { body, headers });
  expect(again.body).toEqual(made.body);
  const path = `/v1/webhooks/${id}`;
  const rotated = await owner.request("POST", `${path}/rotate-secret`);
  await owner.request("POST", `${path}/test`);
  await app.deliverStreams();
  const answers = await Promise.all([
    owner.request("GET", path),
    owner.request("GET", "/v1/webhooks"),
    owner.request("GET", `${path}/deliveries`),
    owner.request("PATCH", path, { body: { description: "Ours" } }),
  ]);
  const rows = await everyRow(client);
  for (const hidden of [secret, rotated.body.secret]) {
    const bytes = hidden.slice("whsec_".length);
    expect(bytes).toHaveLength(44);
    for (const { text } of answers) expect(text).not.toContain(bytes);
    expect(rows).not.toContain(bytes);
  }
  // A URL's query may hold a secret of the receiver's.
  expect(JSON.stringify(await app.records(tenant.id))).not.toContain("of-theirs");
});

test("who registers or changes one has verified a factor a short while ago", async () => {
  const stale = await app.signIn(tenant.owner);
  const { id } = (await stale.request("POST", "/v1/webhooks", { body: { url: receiver.url } })).body;
  app.clock.advance(299_000);
  const { accessToken: token } = (
    await app.request("POST", "/v1/auth/refresh", { body: { refreshToken: stale.refreshToken } })
  ).body;
  app.clock.advance(2000);
  const answers = await Promise.all([
    app.request("POST", "/v1/webhooks", { token, body: { url: receiver.url } }),
    app.request("PATCH", `/v1/webhooks/${id}`, { token, body: { url: `${receiver.url}/2` } }),
    app.request("POST", `/v1/webhooks/${id}/rotate-secret`, { token }),
    app.request("DELETE", `/v1/webhooks/${id}`, { token }),
  ]);
  expect(answers.map(({ body }) => body.code)).toEqual(Array(4).fill("auth.step_up_required"));
  expect((await app.request("GET", `/v1/webhooks/${id}`, { token })).status).toBe(200);
});

test("a reader sees endpoints and changes none, a member sees none, and a tenant has twenty at most", async () => {
  const other = await app.tenant();
  const theirs = await app.signIn(other.owner);
  const urls = Array.from({ length: 22 }, (_, place) => `${receiver.url}/${place}`);
  const made = await Promise.all(
    urls.map((url) => theirs.request("POST", "/v1/webhooks", { body: { url, eventTypes: [] } })),
  );
  expect(made.filter(({ status }) => status === 201)).toHaveLength(20);
  expect(made.filter(({ body }) => body.code === "conflict")).toHaveLength(2);
  const { id } = made.find(({ status }) => status === 201)?.body ?? {};
  const path = `/v1/webhooks/${id}`;
  const reader = await app.signIn(other.reader);
  expect((await reader.request("GET", path)).status).toBe(200);
  expect((await reader.request("POST", `${path}/test`)).status).toBe(403);
  const member = await app.signIn(other.member);
  expect((await member.request("GET", path)).status).toBe(404);
  expect((await member.request("GET", "/v1/webhooks")).status).toBe(403);
  const pages = await theirs.request("GET", "/v1/webhooks?limit=15");
  const cursor = encodeURIComponent(pages.body.nextCursor);
  const rest = await theirs.request("GET", `/v1/webhooks?limit=15&cursor=${cursor}`);
  expect([pages.body.items.length, rest.body.items.length, rest.body.nextCursor]).toEqual([15, 5, null]);
});
