import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const DEFAULTS = {
  idleTimeoutSeconds: 1800,
  absoluteTimeoutSeconds: 43_200,
  maxConcurrentSessions: 10,
  onSessionLimit: "evict_oldest",
  mfa: "optional",
  allowedFactors: ["totp", "sms", "passkey"],
  stepUpMaxAgeSeconds: 300,
  sensitiveActions: [
    "*:delete",
    "role:create",
    "role:update",
    "user:create",
    "user:update",
    "apikey:create",
    "tenant:update",
    "ratecard:update",
    "support:grant",
    "session:revoke",
  ],
  ipAllowList: [],
  onSessionEnd: "keep",
  activityRetentionDays: 400,
};

const PATH = "/v1/tenant/policy";

describe("a tenant's policy", () => {
  test("begins with the defaults, and is replaced as a whole", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    expect((await me.request("GET", PATH)).body).toEqual(DEFAULTS);
    const first = await me.request("PUT", PATH, { body: { idleTimeoutSeconds: 600, mfa: "required" } });
    expect(first.body).toEqual({ ...DEFAULTS, idleTimeoutSeconds: 600, mfa: "required" });
    const second = await me.request("PUT", PATH, { body: { maxConcurrentSessions: 3 } });
    expect(second.body).toEqual({ ...DEFAULTS, maxConcurrentSessions: 3 });
    expect((await me.request("GET", PATH)).body).toEqual(second.body);
  });

  test("is not written over somebody else's change", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    const { headers } = await me.request("GET", PATH);
    const put = (idleTimeoutSeconds: number) =>
      me.request("PUT", PATH, {
        body: { idleTimeoutSeconds },
        headers: { "if-match": headers["etag"] ?? "" },
      });
    expect((await put(600)).status).toBe(200);
    expect((await put(900)).body.code).toBe("precondition.failed");
    expect((await me.request("GET", PATH)).body.idleTimeoutSeconds).toBe(600);
  });

  test("is on record with what was changed in it", async () => {
    const { id, owner } = await app.tenant();
    const me = await app.signIn(owner);
    const changed = await me.request("PUT", PATH, { body: { mfa: "required" } });
    expect(await app.records(id, changed)).toMatchObject([
      {
        action: "tenant:update",
        resource: { type: "tenant", id },
        changes: [{ path: "/policy/mfa", from: "optional", to: "required" }],
      },
    ]);
  });

  test("is read and changed by role, and changed after a recent second factor alone", async () => {
    const { owner, member, reader } = await app.tenant({ policy: { stepUpMaxAgeSeconds: 60 } });
    const [me, plain, viewer] = [await app.signIn(owner), await app.signIn(member), await app.signIn(reader)];
    expect((await plain.request("GET", PATH)).status).toBe(403);
    expect((await viewer.request("GET", PATH)).status).toBe(200);
    expect((await viewer.request("PUT", PATH, { body: {} })).status).toBe(403);
    app.clock.advance(61_000);
    const late = await me.request("PUT", PATH, { body: {} });
    expect(late.body).toMatchObject({ code: "auth.step_up_required", maxAgeSeconds: 60 });
  });

  test.each([
    ["/idleTimeoutSeconds", { idleTimeoutSeconds: 9 }],
    ["/idleTimeoutSeconds", { idleTimeoutSeconds: 86_401 }],
    ["/idleTimeoutSeconds", { idleTimeoutSeconds: 10.5 }],
    ["/idleTimeoutSeconds", { idleTimeoutSeconds: "600" }],
    ["/absoluteTimeoutSeconds", { absoluteTimeoutSeconds: 59 }],
    ["/absoluteTimeoutSeconds", { absoluteTimeoutSeconds: 2_592_001 }],
    ["/maxConcurrentSessions", { maxConcurrentSessions: 0 }],
    ["/maxConcurrentSessions", { maxConcurrentSessions: 101 }],
    ["/onSessionLimit", { onSessionLimit: "evict" }],
    ["/mfa", { mfa: "off" }],
    ["/allowedFactors", { allowedFactors: [] }],
    ["/allowedFactors/0", { allowedFactors: ["fax"] }],
    ["/allowedFactors", { allowedFactors: ["totp", "totp"] }],
    ["/stepUpMaxAgeSeconds", { stepUpMaxAgeSeconds: 0 }],
    ["/sensitiveActions/1", { sensitiveActions: ["*:delete", "delete"] }],
    ["/ipAllowList/0", { ipAllowList: ["192.0.2.1"] }],
    ["/ipAllowList/0", { ipAllowList: ["192.0.2.0/33"] }],
    ["/onSessionEnd", { onSessionEnd: "explode" }],
    ["/activityRetentionDays", { activityRetentionDays: 0 }],
    ["/tenantId", { tenantId: "ten_other" }],
  ])("names %s where it cannot be: %j", async (pointer, body) => {
    const me = await app.signIn((await app.tenant()).owner);
    const refused = await me.request("PUT", PATH, { body });
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].pointer).toBe(pointer);
  });

  test.each([
    { idleTimeoutSeconds: 10 },
    { idleTimeoutSeconds: 86_400 },
    { absoluteTimeoutSeconds: 60 },
    { absoluteTimeoutSeconds: 2_592_000 },
    { maxConcurrentSessions: 1 },
    { maxConcurrentSessions: 100 },
    { sensitiveActions: [] },
    { ipAllowList: ["203.0.113.0/24", "2001:db8::/32"] },
  ])("takes %j", async (body) => {
    const me = await app.signIn((await app.tenant()).owner);
    expect((await me.request("PUT", PATH, { body })).body).toMatchObject(body);
  });
});

describe("a change of the policy holds for running sessions from their next request", () => {
  test("a shorter idle timeout ends those that are over it", async () => {
    const { owner, member } = await app.tenant();
    const [me, them] = [await app.signIn(owner), await app.signIn(member)];
    app.clock.advance(60_000);
    await me.request("PUT", PATH, { body: { idleTimeoutSeconds: 30 } });
    const refused = await them.request("GET", "/v1/me");
    expect(refused.body).toMatchObject({ code: "session.ended", reason: "idle_expired" });
  });

  test("an address list keeps all other addresses out", async () => {
    const { owner, member } = await app.tenant();
    const me = await app.signIn(owner, { ip: "203.0.113.7" });
    const inside = await app.signIn(member, { ip: "203.0.113.9" });
    const outside = await app.signIn(member, { ip: "198.51.100.9" });
    await me.request("PUT", PATH, { body: { ipAllowList: ["203.0.113.0/24"] } });
    expect((await inside.request("GET", "/v1/me")).status).toBe(200);
    const refused = await outside.request("GET", "/v1/me");
    expect(refused.status).toBe(403);
    expect(refused.body.code).toBe("access.denied");
  });

  test("an action that was made sensitive asks for a second factor", async () => {
    const { owner, member } = await app.tenant();
    const [me, them] = [await app.signIn(owner), await app.signIn(member)];
    expect((await them.request("GET", "/v1/sessions")).status).toBe(200);
    await me.request("PUT", PATH, { body: { sensitiveActions: ["session:list"] } });
    expect((await them.request("GET", "/v1/sessions")).body.code).toBe("mfa.enrollment_required");
  });
});
