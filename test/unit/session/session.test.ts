import { DEFAULT_POLICY, type TenantPolicy } from "../../../lib/session/policy.ts";
import { endOf, lastSeenGraceMs, needsTouch, type Session, touched } from "../../../lib/session/session.ts";

const NINE = Date.UTC(2026, 10, 23, 9);
const SECOND = 1000;

const policy = (change: Partial<TenantPolicy> = {}): TenantPolicy => ({ ...DEFAULT_POLICY, ...change });

const session = (change: Partial<Session> = {}): Session => ({
  tenantId: "ten_a",
  sessionId: "ses_a",
  userId: "usr_a",
  kind: "interactive",
  device: { browser: "Firefox 132", os: "Linux", type: "desktop" },
  ip: "192.0.2.1",
  userAgent: "Firefox",
  createdAtMs: NINE,
  lastSeenAtMs: NINE,
  idleExpiresAtMs: NINE + 1800 * SECOND,
  absoluteExpiresAtMs: NINE + 43_200 * SECOND,
  amr: ["pwd"],
  roles: ["owner"],
  authTimeMs: NINE,
  refreshGeneration: 0,
  refreshRotatedAtMs: NINE,
  ...change,
});

describe("the end of a session", () => {
  test("never strikes before the idle timeout and the grace of an unwritten request are over", () => {
    expect(endOf(session(), policy(), NINE + 1860 * SECOND - 1)).toBeUndefined();
  });

  test("is dated at the idle timeout, without the grace", () => {
    expect(endOf(session(), policy(), NINE + 1860 * SECOND)).toEqual({
      reason: "idle_expired",
      atMs: NINE + 1800 * SECOND,
    });
  });

  test("comes at the absolute timeout sharp however busy the session is", () => {
    const busy = session({
      lastSeenAtMs: NINE + 43_190 * SECOND,
      idleExpiresAtMs: NINE + 44_990 * SECOND,
    });
    expect(endOf(busy, policy(), NINE + 43_200 * SECOND - 1)).toBeUndefined();
    expect(endOf(busy, policy(), NINE + 43_200 * SECOND)).toEqual({
      reason: "absolute_expired",
      atMs: NINE + 43_200 * SECOND,
    });
  });

  test("names the idle end where it came before the absolute one, though both are over", () => {
    expect(endOf(session(), policy(), NINE + 90_000 * SECOND)?.reason).toBe("idle_expired");
  });

  test("follows a shorter timeout at once", () => {
    expect(endOf(session(), policy({ idleTimeoutSeconds: 60 }), NINE + 66 * SECOND)).toEqual({
      reason: "idle_expired",
      atMs: NINE + 60 * SECOND,
    });
  });

  test("is not undone by a longer timeout", () => {
    expect(endOf(session(), policy({ idleTimeoutSeconds: 7200 }), NINE + 1860 * SECOND)?.reason).toBe(
      "idle_expired",
    );
  });

  test("is no later for a longer timeout that the session has not lived to see", () => {
    const short = session({ idleExpiresAtMs: NINE + 10_000 });
    expect(endOf(short, policy(), NINE + 10_999)).toBeUndefined();
    expect(endOf(short, policy(), NINE + 11_000)).toEqual({ reason: "idle_expired", atMs: NINE + 10_000 });
  });

  test("stays what it was once it is written", () => {
    const ended = session({ end: { reason: "revoked", atMs: NINE + 5 } });
    expect(endOf(ended, policy(), NINE + 90_000 * SECOND)).toEqual({ reason: "revoked", atMs: NINE + 5 });
  });
});

describe("the last-seen time", () => {
  test.each([
    { idleTimeoutSeconds: 10, graceMs: 1000 },
    { idleTimeoutSeconds: 300, graceMs: 30_000 },
    { idleTimeoutSeconds: 1800, graceMs: 60_000 },
    { idleTimeoutSeconds: 86_400, graceMs: 60_000 },
  ])(
    "may be $graceMs ms behind with an idle timeout of $idleTimeoutSeconds s",
    ({ idleTimeoutSeconds, graceMs }) => {
      expect(lastSeenGraceMs({ idleTimeoutSeconds })).toBe(graceMs);
    },
  );

  test("is written again only once the grace is over", () => {
    expect(needsTouch(session(), policy(), NINE + 60_000 - 1)).toBe(false);
    expect(needsTouch(session(), policy(), NINE + 60_000)).toBe(true);
  });

  test("is written at once where the tenant has made the timeout longer", () => {
    const short = session({ idleExpiresAtMs: NINE + 10_000 });
    expect(needsTouch(short, policy(), NINE + 1)).toBe(true);
    expect(needsTouch(short, policy({ idleTimeoutSeconds: 10 }), NINE + 999)).toBe(false);
    expect(needsTouch(short, policy({ idleTimeoutSeconds: 10 }), NINE + 1000)).toBe(true);
  });

  test("takes the policy of the moment for a session that goes on", () => {
    const next = touched(
      session(),
      policy({ idleTimeoutSeconds: 60, absoluteTimeoutSeconds: 600 }),
      NINE + 30_000,
    );
    expect(next.idleExpiresAtMs).toBe(NINE + 90_000);
    expect(next.absoluteExpiresAtMs).toBe(NINE + 600_000);
  });
});
