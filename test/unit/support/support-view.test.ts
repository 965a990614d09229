import { grantDocument, requestDocument } from "../../../lib/http/support-document.ts";
import type { User } from "../../../lib/identity/user.ts";
import type { SupportRows } from "../../../lib/session/caller.ts";
import { DEFAULT_POLICY } from "../../../lib/session/policy.ts";
import type { Session } from "../../../lib/session/session.ts";
import { endOfView } from "../../../lib/session/support-view.ts";
import { isInForce, type SupportGrant } from "../../../lib/support/support-grant.ts";

const GRANT: SupportGrant = {
  ...{
    tenantId: "ten_1",
    grantId: "grt_1",
    userId: "usr_1",
    userName: "ada@example.com",
    sessionId: "ses_1",
  },
  ...{
    access: "view",
    reason: "It hangs.",
    lifeSeconds: 600,
    origin: "agent",
    answer: "granted",
    version: 2,
  },
  agent: { userId: "usr_9", name: "agent@example.com" },
  ...{ createdAtMs: 1000, expiresAtMs: 601_000 },
};

const WATCHED: Session = {
  ...{ tenantId: "ten_1", sessionId: "ses_1", userId: "usr_1", kind: "interactive" },
  device: { browser: "Firefox", os: "Linux", type: "desktop" },
  ...{ ip: "203.0.113.7", userAgent: "Firefox", createdAtMs: 0, lastSeenAtMs: 1000 },
  ...{ idleExpiresAtMs: 1_801_000, absoluteExpiresAtMs: 43_200_000, amr: ["pwd"], roles: ["member"] },
  ...{ authTimeMs: 0, refreshGeneration: 0, refreshRotatedAtMs: 0 },
};

const AGENT: User = {
  ...{
    tenantId: "ten_0",
    userId: "usr_9",
    email: "agent@example.com",
    name: "Agent",
    roles: ["support-agent"],
  },
  ...{ disabled: false, status: "active", factorTypes: [], version: 1, createdAtMs: 0, updatedAtMs: 0 },
};

describe("what a support session stands on", () => {
  const at = { policy: DEFAULT_POLICY, nowMs: 5000 };

  test.each([
    ["all there", {}, undefined],
    [
      "the user's session has ended",
      { watched: { ...WATCHED, end: { reason: "logged_out", atMs: 4000 } } },
      { reason: "logged_out", atMs: 4000 },
    ],
    [
      "the user's session ended before the look began",
      { watched: { ...WATCHED, end: { reason: "idle_expired", atMs: 1500 } } },
      { reason: "idle_expired", atMs: 2000 },
    ],
    ["the user's session has been removed", { watched: undefined }, { reason: "idle_expired", atMs: 5000 }],
    [
      "the grant has ended",
      { grant: { ...GRANT, end: { reason: "revoked", atMs: 4500 } } },
      { reason: "revoked", atMs: 4500 },
    ],
    ["the grant has been removed", { grant: undefined }, { reason: "revoked", atMs: 5000 }],
    [
      "the agent is disabled",
      { agent: { ...AGENT, disabled: true } },
      { reason: "user_disabled", atMs: 5000 },
    ],
    [
      "the agent is none any more",
      { agent: { ...AGENT, roles: ["owner"] } },
      { reason: "user_disabled", atMs: 5000 },
    ],
    ["the agent is gone", { agent: undefined }, { reason: "user_disabled", atMs: 5000 }],
    [
      "of several ends the first",
      {
        watched: { ...WATCHED, end: { reason: "revoked", atMs: 4000 } },
        grant: { ...GRANT, end: { reason: "revoked", atMs: 3000 } },
      },
      { reason: "revoked", atMs: 3000 },
    ],
  ] as const)("%s", (_what, gone, end) => {
    const rows: SupportRows = { grant: GRANT, watched: WATCHED, agent: AGENT, ...gone };
    expect(endOfView({ createdAtMs: 2000 }, rows, at)).toEqual(end);
  });
});

describe("a grant", () => {
  test("is in force until the instant that it expires, unless it has ended, and only once it is given", () => {
    expect(isInForce(GRANT, 600_999)).toBe(true);
    expect(isInForce(GRANT, 601_000)).toBe(false);
    expect(isInForce({ ...GRANT, end: { reason: "revoked", atMs: 2000 } }, 3000)).toBe(false);
    expect(isInForce({ ...GRANT, answer: "open" }, 3000)).toBe(false);
    expect(isInForce({ ...GRANT, answer: "denied" }, 3000)).toBe(false);
  });

  test("is shown with why and when it ended", () => {
    expect(grantDocument(GRANT, 600_999).status).toBe("active");
    expect(grantDocument(GRANT, 601_000)).toMatchObject({
      ...{ status: "ended", endReason: "expired", endedAt: "1970-01-01T00:10:01.000Z" },
    });
    expect(grantDocument({ ...GRANT, end: { reason: "session_ended", atMs: 2000 } }, 3000)).toMatchObject({
      ...{ status: "ended", endReason: "session_ended", endedAt: "1970-01-01T00:00:02.000Z" },
    });
  });

  test.each([
    ["open", 600_999, "pending"],
    ["open", 601_000, "expired"],
    ["denied", 3000, "denied"],
    ["granted", 900_000, "approved"],
  ] as const)("that is %s at %d reads, as a request, %s", (answer, nowMs, status) => {
    expect(requestDocument({ ...GRANT, answer }, nowMs).status).toBe(status);
  });
});
