import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const without = ({ requestId: _requestId, ...rest }: Record<string, unknown>) => rest;

test("A01 another tenant's session and one that never was answer alike, whatever is asked of them", async () => {
  const victim = await app.signIn((await app.tenant()).member);
  const tenant = await app.tenant();
  const stranger = await app.signIn(tenant.owner);
  const missing = `ses_${"0".repeat(26)}`;
  for (const [method, suffix] of [
    ["GET", ""],
    ["DELETE", ""],
    ["GET", "/state"],
    ["GET", "/state/cart"],
    ["DELETE", "/state/cart"],
  ] as const) {
    const foreign = await stranger.request(method, `/v1/sessions/${victim.sessionId}${suffix}`);
    const never = await stranger.request(method, `/v1/sessions/${missing}${suffix}`);
    expect(foreign.status).toBe(404);
    expect(without(foreign.body)).toEqual(without(never.body));
    expect(Object.keys(foreign.headers).sort()).toEqual(Object.keys(never.headers).sort());
  }
  expect((await victim.request("GET", "/v1/me")).status).toBe(200);
});

test("A01 what is tried on another tenant is on the record of the one who tried, and not of the other", async () => {
  const victims = await app.tenant();
  const victim = await app.signIn(victims.member);
  const before = (await app.records(victims.id)).length;
  const tenant = await app.tenant();
  const stranger = await app.signIn(tenant.owner);
  const answer = await stranger.request("GET", `/v1/sessions/${victim.sessionId}`);
  expect(await app.records(tenant.id, answer)).toMatchObject([
    { outcome: "error", errorCode: "not_found", resource: { type: "session", id: victim.sessionId } },
  ]);
  expect(await app.records(victims.id)).toHaveLength(before);
});

test("A02 a session of one's own tenant that one may not even see answers as one that never was", async () => {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  const member = await app.signIn(tenant.member);
  const hidden = await member.request("GET", `/v1/sessions/${owner.sessionId}`);
  const never = await member.request("GET", `/v1/sessions/ses_${"0".repeat(26)}`);
  expect(hidden.status).toBe(404);
  expect(without(hidden.body)).toEqual(without(never.body));
});

test("A03 a tenant named by the client changes nothing", async () => {
  const victims = await app.tenant();
  const victim = await app.signIn(victims.member);
  const stranger = await app.signIn((await app.tenant()).owner);
  const headers = { "x-tenant-id": victims.id, "x-user-id": victim.user.userId };
  const answer = await stranger.request("GET", `/v1/sessions?tenantId=${victims.id}`, { headers });
  expect(answer.body.items.map(({ id }: { id: string }) => id)).toEqual([stranger.sessionId]);
});
