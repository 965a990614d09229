import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";

// Guarantees against whoever would change the log, read another tenant's, or plant a secret in it.
const app = await startApp();
afterAll(() => app.stop());

const CANARY = "c4n4ry-7f3a";

describe("the log", () => {
  test.each([
    ["PUT", "/v1/activity"],
    ["PATCH", "/v1/activity"],
    ["DELETE", "/v1/activity"],
    ["PUT", "/v1/activity/"],
    ["PATCH", "/v1/activity/"],
    ["DELETE", "/v1/activity/"],
    ["POST", "/v1/activity/"],
    ["DELETE", "/v1/sessions/current/activity"],
  ])("G02 is changed by no call: %s %s", async (method, path) => {
    const { owner } = await app.tenant();
    const me = await app.signIn(owner);
    const before = (await me.request("GET", "/v1/activity?action=auth:login")).body.items[0];
    const target = path.endsWith("/activity/") ? path + before.id : path;
    expect([404, 405]).toContain((await me.request(method, target, { body: { outcome: "success" } })).status);
    expect((await me.request("GET", `/v1/activity/${before.id}`)).body).toEqual(before);
  });

  test("A04 shows nothing of another tenant, by list, filter, cursor or id, and takes nothing into it", async () => {
    const [ours, theirs] = [await app.tenant(), await app.tenant()];
    const me = await app.signIn(ours.owner);
    const victim = await app.signIn(theirs.owner);
    await victim.request("GET", "/v1/me");
    const page = await victim.request("GET", "/v1/activity?limit=1");
    const { id } = page.body.items[0];
    const queries = ["", `userId=${theirs.owner.userId}`, `sessionId=${victim.sessionId}`, "source=ingest"];
    for (const query of queries) {
      const { body } = await me.request("GET", `/v1/activity?limit=200&${query}`);
      expect(body.items.filter(({ tenantId }: { tenantId: string }) => tenantId !== ours.id)).toEqual([]);
    }
    const cursor = encodeURIComponent(page.body.nextCursor);
    expect((await me.request("GET", `/v1/activity?limit=1&cursor=${cursor}`)).body.code).toBe(
      "cursor.invalid",
    );
    expect((await me.request("GET", `/v1/activity/${id}`)).status).toBe(404);

    const record = {
      id: "r-1",
      time: "2026-03-02T08:30:00Z",
      actor: { type: "user", id: theirs.owner.userId },
      action: "vm:delete",
      outcome: "success",
    };
    const headers = { "x-tenant-id": theirs.id };
    await me.request("POST", `/v1/activity?tenantId=${theirs.id}`, { body: { records: [record] }, headers });
    expect((await victim.request("GET", "/v1/activity?source=ingest")).body.items).toEqual([]);
    expect((await me.request("GET", "/v1/activity?source=ingest")).body.items).toHaveLength(1);
    const session = { ...record, id: "r-2", sessionId: victim.sessionId };
    const foreign = await me.request("POST", "/v1/activity", { body: { records: [session] } });
    expect(foreign.body.rejected).toMatchObject([{ code: "activity.session_unknown" }]);
  });

  test("G04 keeps no secret that a service puts into its attributes, under whatever name", async () => {
    const { owner } = await app.tenant();
    const me = await app.signIn(owner);
    const attributes = {
      password: CANARY,
      newPassword: CANARY,
      db_password: CANARY,
      "x-api-key": CANARY,
      sessionToken: [CANARY],
      code: CANARY,
      recoveryCodes: [CANARY, CANARY],
      Authorization: `Bearer ${CANARY}`,
      nested: { list: [{ clientSecret: { value: CANARY } }] },
      note: `eyJhbGciOiJFUzI1NiJ9.eyJjIjoiYzRuNHJ5In0.${CANARY}`,
      header: `Bearer ${CANARY}`,
      pem: `-----BEGIN EC PRIVATE KEY-----\n${CANARY}\n-----END EC PRIVATE KEY-----`,
      accessKeyId: "AKIA123",
      statusCode: 200,
      passwordChanged: true,
    };
    const time = "2026-03-02T08:30:00Z";
    const actor = { type: "service", id: "idp" };
    const record = { id: "r-1", time, actor, action: "user:update", outcome: "success", attributes };
    const bad = { ...record, id: "r-2", outcome: CANARY, [CANARY.replace("-", "_")]: 1 };
    const answer = await me.request("POST", "/v1/activity", { body: { records: [record, bad] } });
    expect(answer.body).toMatchObject({ accepted: 1, rejected: [{ index: 1 }] });
    expect(answer.text).not.toContain(CANARY);
    const list = await me.request("GET", "/v1/activity?limit=200");
    expect(list.text).not.toContain(CANARY);
    expect((await me.request("GET", "/v1/activity?source=ingest")).body.items[0].attributes).toEqual({
      password: "[removed]",
      newPassword: "[removed]",
      db_password: "[removed]",
      "x-api-key": "[removed]",
      sessionToken: "[removed]",
      code: "[removed]",
      recoveryCodes: "[removed]",
      Authorization: "[removed]",
      nested: { list: [{ clientSecret: "[removed]" }] },
      note: "[removed]",
      header: "[removed]",
      pem: "[removed]",
      accessKeyId: "AKIA123",
      statusCode: 200,
      passwordChanged: true,
    });
  });

  test("I04 gives texts back as they were sent, and takes no name for a key of its own", async () => {
    const { owner } = await app.tenant();
    const me = await app.signIn(owner);
    const texts = [
      "\u202e#pk OR :v",
      "a\u0000b",
      "\r\nset-cookie: x",
      "ten_x#0",
      "𝒳😀",
      "=HYPERLINK(1)",
      "\u200b",
    ];
    const records = texts.map((text, index) => ({
      id: `${index}${text}`,
      time: "2026-03-02T08:30:00Z",
      actor: { type: "external", id: text, name: text },
      action: "note:add",
      resource: { type: "note", id: text },
      outcome: "success",
      userAgent: text,
      attributes: { text, pk: text, ttl: 0 },
    }));
    const answer = await me.request("POST", "/v1/activity", { body: { records } });
    expect(answer.body).toEqual({ accepted: texts.length, duplicates: 0, rejected: [] });
    for (const [index, text] of texts.entries()) {
      const query = `resource=${encodeURIComponent(`note/${text}`)}&userId=${encodeURIComponent(text)}`;
      const { items } = (await me.request("GET", `/v1/activity?${query}`)).body;
      expect(items).toMatchObject([
        {
          origin: { id: `${index}${text}` },
          actor: { id: text, name: text },
          userAgent: text,
          attributes: { text, pk: text, ttl: 0 },
        },
      ]);
    }
    const lone = JSON.stringify({ records }).replace("note:add", "\\ud800");
    expect((await me.request("POST", "/v1/activity", { body: lone })).status).toBe(400);
  });
});
