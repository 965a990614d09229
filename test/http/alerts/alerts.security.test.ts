import { type SignedIn, startApp } from "../../support/app.ts";

// Whoever may not see alerts learns nothing of them, and what a rule answers with holds at once.
const app = await startApp();
afterAll(() => app.stop());

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const STOLEN = { ip: "198.51.100.66", headers: { "user-agent": "curl/8.5.0" } };

async function alertIn(me: SignedIn): Promise<string> {
  const records = Array.from({ length: 10 }, (_, index) => ({
    id: `d-${index}`,
    time: "2026-03-02T08:00:00Z",
    actor: { type: "user", id: "ann" },
    action: "vm:delete",
    resource: { type: "vm", id: `vm-${index}` },
    outcome: "success",
    ip: "198.51.100.7",
  }));
  await me.request("POST", "/v1/activity", { body: { records } });
  await app.deliverStreams();
  return (await me.request("GET", "/v1/alerts")).body.items[0].id;
}

test("another tenant's alert, and a member's own tenant's, is the same 404 as none", async () => {
  const tenant = await app.tenant();
  const [mine, member, elsewhere] = [
    await app.signIn(tenant.owner),
    await app.signIn(tenant.member),
    await app.signIn((await app.tenant()).owner),
  ];
  const id = await alertIn(mine);
  for (const who of [member, elsewhere]) {
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["POST", "/acknowledge", undefined],
      ["POST", "/close", { note: "Nothing." }],
    ] as const) {
      const answer = await who.request(method, `/v1/alerts/${id}${path}`, body === undefined ? {} : { body });
      const none = await who.request(method, `/v1/alerts/alr_0${path}`, body === undefined ? {} : { body });
      expect(answer.status).toBe(404);
      expect({ ...answer.body, requestId: "" }).toEqual({ ...none.body, requestId: "" });
    }
  }
  expect((await mine.request("GET", `/v1/alerts/${id}`)).body.status).toBe("open");
  expect((await member.request("GET", "/v1/alerts")).status).toBe(403);
  expect((await elsewhere.request("GET", "/v1/alerts")).body.items).toEqual([]);
});

test("who reads alerts changes neither them nor the rules", async () => {
  const tenant = await app.tenant();
  const id = await alertIn(await app.signIn(tenant.owner));
  const reader = await app.signIn(tenant.reader);
  expect((await reader.request("GET", `/v1/alerts/${id}`)).status).toBe(200);
  expect((await reader.request("POST", `/v1/alerts/${id}/acknowledge`)).status).toBe(403);
  expect((await reader.request("GET", "/v1/alert-rules")).status).toBe(200);
  expect((await reader.request("PUT", "/v1/alert-rules", { body: { rules: [] } })).status).toBe(403);
});

test("a session that goes on elsewhere with another agent has to step up", async () => {
  const tenant = await app.tenant();
  const me = await app.signIn(tenant.owner, { headers: { "user-agent": FIREFOX } });
  await me.request("GET", "/v1/sessions");
  const thief = await app.request("GET", "/v1/sessions", { token: me.accessToken, ...STOLEN });
  expect(thief.status).toBe(200);
  await app.deliverStreams();
  const held = await app.request("GET", "/v1/sessions", { token: me.accessToken, ...STOLEN });
  expect(held).toMatchObject({ status: 401, body: { code: "auth.step_up_required" } });
});

test("a session is ended where the tenant's rule says so, and the record says by whom", async () => {
  const tenant = await app.tenant();
  const [admin, me] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
  const rules = [{ rule: "session.hijack_suspected", response: "revoke_session" }];
  expect((await admin.request("PUT", "/v1/alert-rules", { body: { rules } })).status).toBe(200);
  await me.request("GET", "/v1/me");
  await app.request("GET", "/v1/me", { token: me.accessToken, ...STOLEN });
  await app.deliverStreams();
  const ended = await me.request("GET", "/v1/me");
  expect(ended).toMatchObject({ status: 401, body: { code: "session.ended", reason: "revoked" } });
  const { items } = (await admin.request("GET", `/v1/alerts?status=open`)).body;
  const alert = items.find(({ rule }: { rule: string }) => rule === "session.hijack_suspected");
  const [end] = (await app.records(tenant.id)).filter(({ action }) => action === "session:end");
  expect(end).toMatchObject({ sessionId: me.sessionId, source: "system", requestId: alert.id });
});
