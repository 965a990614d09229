// Webhooks from end to end: what happens in a tenant reaches a receiver on this machine, signed as Standard Webhooks
// has it, again after a failure, and as a Security Event Token.
import { createPublicKey } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import jwt from "jsonwebtoken";
import { Webhook } from "standardwebhooks";
import { type SignedIn, startApp } from "../../support/app.ts";
import { type Received, webhookReceiver } from "../../support/webhook-receiver.ts";

const app = await startApp({ env: { WEBHOOKS_TO_LOCALHOST: "allow" } });
const receiver = await webhookReceiver();
afterAll(async () => {
  await receiver.stop();
  await app.stop();
});
afterEach(async () => {
  receiver.answerWith(200);
  // What one test leaves is not told to the next.
  await app.deliverStreams();
  receiver.received.length = 0;
});

const MINUTE = 60_000;

/** A tenant of its own, its owner with a fresh factor, and one endpoint. */
async function tenantWithWebhook(body: object) {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  // Nobody is told of what was before them.
  app.clock.advance(1000);
  const made = await owner.request("POST", "/v1/webhooks", { body: { url: receiver.url, ...body } });
  expect(made.status).toBe(201);
  app.clock.advance(1000);
  return { tenant, owner, id: made.body.id as string, secret: made.body.secret as string };
}

/** The one message that has come. */
function only(): Received {
  const [message, ...more] = receiver.received;
  expect(more).toEqual([]);
  if (message === undefined) throw new Error("No message has come.");
  return message;
}

/** What the reference implementation makes of a message: it checks signature and timestamp. @throws for a wrong one */
function verified(secret: string, { headers, body }: Received): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

/** Runs the schedule as often as minutes go by. */
async function passMinutes(minutes: number): Promise<void> {
  app.clock.advance(minutes * MINUTE);
  await app.invoke("deliverWebhooks", {});
}

async function deliveries(owner: SignedIn, id: string, query = "") {
  return (await owner.request("GET", `/v1/webhooks/${id}/deliveries${query}`)).body.items;
}

describe("an event", () => {
  test("reaches its endpoint signed by Standard Webhooks, and no other type does", async () => {
    const { tenant, owner, id, secret } = await tenantWithWebhook({ eventTypes: ["session.ended"] });
    const member = await app.signIn(tenant.member);
    await app.deliverStreams();
    expect(receiver.received).toEqual([]);

    await member.request("POST", "/v1/auth/logout");
    await app.deliverStreams();
    const message = only();
    const { headers, body, path } = message;
    expect(path).toBe("/hook");
    expect(headers["content-type"]).toBe("application/json");
    expect(verified(secret, message)).toMatchObject({
      type: "session.ended",
      timestamp: new Date(app.clock.now()).toISOString(),
      data: { id: member.sessionId, tenantId: tenant.id, status: "ended", endReason: "logged_out" },
    });
    expect(JSON.parse(body).data).not.toHaveProperty("current");
    const [delivery] = await deliveries(owner, id);
    expect(delivery).toMatchObject({
      id: headers["webhook-id"],
      type: "session.ended",
      status: "delivered",
      attempts: [{ status: 200 }],
    });
  });

  test("is delivered once, however often the stream brings its record", async () => {
    const { tenant, owner, id } = await tenantWithWebhook({ eventTypes: ["session.started"] });
    await app.signIn(tenant.member);
    const [record] = (await app.records(tenant.id)).filter(({ action }) => action === "session:start");
    const event = {
      Records: [{ eventName: "INSERT", dynamodb: { NewImage: { record: { S: JSON.stringify(record) } } } }],
    };
    await Promise.all([app.invoke("deliverWebhooks", event), app.invoke("deliverWebhooks", event)]);
    await app.invoke("deliverWebhooks", event);
    await app.deliverStreams();
    await passMinutes(2);
    expect(receiver.received).toHaveLength(1);
    expect(await deliveries(owner, id)).toHaveLength(1);
  });

  test("brought in by another service under one of our names is nobody's news", async () => {
    const { owner } = await tenantWithWebhook({});
    await owner.request("POST", "/v1/activity", {
      body: {
        source: "cloud",
        records: [
          {
            ...{ id: "1", time: "2026-03-02T09:00:00Z", action: "session:end", outcome: "success" },
            actor: { type: "service", id: "cloud", name: "Cloud" },
            resource: { type: "session", id: owner.sessionId },
          },
        ],
      },
    });
    await app.deliverStreams();
    expect(receiver.received).toEqual([]);
  });

  test("of an alert goes where its rule says, and where alerts are asked for", async () => {
    const { tenant, owner, id } = await tenantWithWebhook({ eventTypes: ["alert.opened", "alert.updated"] });
    const named = receiver.url.replace("/hook", "/burst");
    const rules = [{ rule: "access.denied_burst", webhook: named }];
    expect((await owner.request("PUT", "/v1/alert-rules", { body: { rules } })).status).toBe(200);
    const { items } = (await owner.request("GET", "/v1/webhooks")).body;
    expect(
      items.map(({ url, eventTypes }: { url: string; eventTypes: string[] }) => [url, eventTypes]),
    ).toEqual([
      [receiver.url, ["alert.opened", "alert.updated"]],
      [named, []],
    ]);
    const ofRule = items[1].id;
    expect((await owner.request("DELETE", `/v1/webhooks/${ofRule}`)).status).toBe(409);
    const { secret } = (await owner.request("POST", `/v1/webhooks/${ofRule}/rotate-secret`)).body;

    const member = await app.signIn(tenant.member);
    for (let count = 0; count < 5; count++) await member.request("GET", "/v1/users");
    await app.deliverStreams();
    expect(receiver.received.map(({ path }) => path).toSorted()).toEqual(["/burst", "/hook"]);
    receiver.received.splice(0, 2, ...receiver.received.filter(({ path }) => path === "/burst"));
    const opened = verified(secret, only());
    expect(opened).toMatchObject({ type: "alert.opened", data: { rule: "access.denied_burst" } });

    const alertId = JSON.parse(only().body).data.id;
    app.clock.advance(1000);
    await owner.request("POST", `/v1/alerts/${alertId}/close`, { body: { note: "Ours." } });
    await app.deliverStreams();
    expect((await deliveries(owner, id))[0]).toMatchObject({
      type: "alert.updated",
      payload: { data: { id: alertId, status: "closed", note: "Ours." } },
    });
  });
});

describe("a message that is not taken", () => {
  test("is tried again by the schedule with the same id and body, until it is taken", async () => {
    const { tenant, owner, id, secret } = await tenantWithWebhook({ eventTypes: ["session.started"] });
    receiver.answerWith(500);
    await app.signIn(tenant.member);
    await app.deliverStreams();
    await passMinutes(1);
    // Of two runs in one minute one has work.
    await app.invoke("deliverWebhooks", {});
    receiver.answerWith(200);
    await passMinutes(4);
    expect(receiver.received).toHaveLength(2);
    await passMinutes(2);
    expect(receiver.received).toHaveLength(3);
    const [first, second, third] = receiver.received;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(third?.body).toBe(first?.body);
    // Signed anew: a receiver takes no old timestamp.
    expect(third?.headers["webhook-timestamp"]).toBe(String(Math.floor(app.clock.now() / 1000)));
    if (third !== undefined) verified(secret, third);
    const again = await app.signIn(owner.user);
    const delivery = (await deliveries(again, id)).at(-1);
    expect(delivery).toMatchObject({
      id: first?.headers["webhook-id"],
      status: "delivered",
      attempts: [{ status: 500 }, { status: 500 }, { status: 200 }],
    });
    expect((await again.request("GET", `/v1/webhooks/${id}`)).body).not.toHaveProperty("failingSince");
  });

  test("is dead after ten tries in three days, and delivered by a replay under its own id", async () => {
    const { tenant, id } = await tenantWithWebhook({ eventTypes: ["session.started"] });
    receiver.answerWith(503);
    await app.signIn(tenant.member);
    await app.deliverStreams();
    for (const minutes of [1, 6, 34, 133, 331, 661, 925, 1321, 1585]) await passMinutes(minutes);
    await passMinutes(10_000);
    expect(receiver.received).toHaveLength(10);
    const again = await app.signIn(tenant.owner);
    const [dead] = await deliveries(again, id, "?status=dead");
    expect(dead).toMatchObject({ status: "dead" });
    expect(dead).not.toHaveProperty("nextAttemptAt");

    receiver.answerWith(204);
    const replay = `/v1/webhooks/${id}/deliveries/${dead.id}/replay`;
    const replayed = await again.request("POST", replay);
    expect([replayed.status, replayed.body.status]).toEqual([200, "delivered"]);
    expect(receiver.received.at(-1)?.headers["webhook-id"]).toBe(dead.id);
    expect(await deliveries(again, id, "?status=dead")).toEqual([]);
  });

  test("disables an endpoint that has done nothing but fail for five days, on record", async () => {
    const { tenant, id } = await tenantWithWebhook({ eventTypes: ["session.started"] });
    receiver.answerWith(404);
    await app.signIn(tenant.member);
    await app.deliverStreams();
    app.clock.advance(5 * 24 * 60 * MINUTE);
    await app.invoke("deliverWebhooks", {});
    const owner = await app.signIn(tenant.owner);
    const { body } = await owner.request("GET", `/v1/webhooks/${id}`);
    expect(body).toMatchObject({ enabled: false, disabledReason: "failing" });
    const records = (await app.records(tenant.id)).filter(({ action }) => action === "webhook:disable");
    expect(records).toMatchObject([
      {
        actor: { id: "active-session" },
        resource: { type: "webhook", id },
        attributes: { reason: "failing" },
      },
    ]);
    // Nothing is on its way any more, and nothing new is.
    await app.deliverStreams();
    app.clock.advance(4 * MINUTE);
    await passMinutes(2);
    const again = await app.signIn(tenant.owner);
    const [delivery, ...more] = await deliveries(again, id);
    expect([delivery.status, more]).toEqual(["dead", []]);
    const replay = `/v1/webhooks/${id}/deliveries/${delivery.id}/replay`;
    expect((await again.request("POST", replay)).status).toBe(409);

    receiver.answerWith(200);
    const enabled = await again.request("PATCH", `/v1/webhooks/${id}`, { body: { enabled: true } });
    expect(enabled.body).not.toHaveProperty("failingSince");
    expect((await again.request("POST", replay)).body.status).toBe("delivered");
  });

  test("is the last that an endpoint is sent which is gone", async () => {
    const { owner, id } = await tenantWithWebhook({ eventTypes: ["session.started"] });
    receiver.answerWith(410);
    await app.signIn(owner.user);
    await app.deliverStreams();
    const { body } = await owner.request("GET", `/v1/webhooks/${id}`);
    expect(body).toMatchObject({ enabled: false, disabledReason: "gone" });
  });
});

describe("a set", () => {
  test("tells of a session's end as CAEP has it, verifiable by the published keys", async () => {
    const { tenant, owner } = await tenantWithWebhook({ format: "set", audience: "https://rp.example.com" });
    // It is of ends of sessions alone.
    const wrong = { url: receiver.url, format: "set", eventTypes: ["alert.opened"] };
    const refused = await owner.request("POST", "/v1/webhooks", { body: wrong });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, "/eventTypes"]);
    const member = await app.signIn(tenant.member);
    app.clock.advance(5000);
    await owner.request("DELETE", `/v1/sessions/${member.sessionId}`);
    await app.deliverStreams();
    const { headers, body } = only();
    expect(headers["content-type"]).toBe("application/secevent+jwt");
    expect(headers["accept"]).toBe("application/json");
    const { keys } = (await app.request("GET", "/.well-known/jwks.json")).body;
    const key = createPublicKey({ key: keys[0], format: "jwk" });
    const { header, payload } = jwt.verify(body, key, { algorithms: ["ES256"], complete: true });
    expect(header).toEqual({ alg: "ES256", typ: "secevent+jwt", kid: keys[0].kid });
    const nowSeconds = Math.floor(app.clock.now() / 1000);
    const issuer = "http://localhost:3000";
    expect(payload).toEqual({
      iss: issuer,
      aud: "https://rp.example.com",
      jti: headers["webhook-id"],
      iat: nowSeconds,
      txn: expect.stringMatching(/^req_/),
      sub_id: {
        format: "complex",
        session: { format: "opaque", id: member.sessionId },
        user: { format: "iss_sub", iss: issuer, sub: tenant.member.userId },
        tenant: { format: "opaque", id: tenant.id },
      },
      events: {
        "https://schemas.openid.net/secevent/caep/event-type/session-revoked": {
          event_timestamp: nowSeconds,
          initiating_entity: "admin",
          reason_admin: { en: "revoked" },
        },
      },
    });
    // It opens nothing here.
    expect((await app.request("GET", "/v1/me", { token: body })).status).toBe(401);
  });
});

describe("an endpoint", () => {
  let made: Awaited<ReturnType<typeof tenantWithWebhook>>;
  beforeAll(async () => {
    made = await tenantWithWebhook({ eventTypes: ["alert.opened"] });
  });

  test("is tried out at once, and says what it answered", async () => {
    const { owner, id, secret } = made;
    const tried = await owner.request("POST", `/v1/webhooks/${id}/test`);
    expect(tried.body).toMatchObject({ type: "webhook.test", status: "delivered" });
    expect(verified(secret, only())).toMatchObject({ type: "webhook.test", data: { webhookId: id } });
    const location = `http://localhost:${receiver.port}/elsewhere`;
    receiver.answerWith({ status: 307, headers: { location } });
    const redirected = await owner.request("POST", `/v1/webhooks/${id}/test`);
    expect(redirected.body).toMatchObject({ status: "dead", attempts: [{ status: 307 }] });
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook", "/hook"]);
  });

  test("can be given another secret without a message that its receiver could not verify", async () => {
    const { owner, id, secret } = made;
    const rotated = await owner.request("POST", `/v1/webhooks/${id}/rotate-secret`, {
      body: { overlapSeconds: 60 },
    });
    expect(rotated.body.secret).toMatch(/^whsec_/);
    expect(rotated.body.secret).not.toBe(secret);
    await owner.request("POST", `/v1/webhooks/${id}/test`);
    app.clock.advance(60_000);
    await owner.request("POST", `/v1/webhooks/${id}/test`);
    const [during, after] = receiver.received;
    const verifies = (key: string, message: Received | undefined) => {
      try {
        if (message !== undefined) verified(key, message);
        return true;
      } catch {
        return false;
      }
    };
    expect(during?.headers["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
    expect(after?.headers["webhook-signature"]).toMatch(/^v1,\S+$/);
    expect([verifies(secret, during), verifies(rotated.body.secret, during)]).toEqual([true, true]);
    expect([verifies(secret, after), verifies(rotated.body.secret, after)]).toEqual([false, true]);
  });

  test("is changed under its entity tag, and deleted", async () => {
    const { owner, id } = made;
    const path = `/v1/webhooks/${id}`;
    const { headers } = await owner.request("GET", path);
    const changes = { eventTypes: ["invoice.finalized"], description: "Of the accountants", enabled: false };
    const ifMatch = { "if-match": headers["etag"] ?? "" };
    const changed = await owner.request("PATCH", path, { body: changes, headers: ifMatch });
    expect(changed.body).toMatchObject({ ...changes, disabledReason: "by_user" });
    expect((await owner.request("PATCH", path, { body: changes, headers: ifMatch })).status).toBe(412);
    expect((await owner.request("DELETE", path)).status).toBe(204);
    expect((await owner.request("GET", path)).status).toBe(404);
    expect((await owner.request("GET", "/v1/webhooks")).body).toEqual({ items: [], nextCursor: null });
  });
});
