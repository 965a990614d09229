import type { Session } from "../../../lib/session/session.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 12);

/** A session as one is counted. */
export function newSession(): Session {
  return {
    ...{ tenantId: "ten_counted", sessionId: "ses_counted", userId: "usr_counted", kind: "interactive" },
    ...{ device: { browser: "Firefox", os: "Linux", type: "desktop" }, ip: "192.0.2.1", userAgent: "test" },
    ...{ createdAtMs: NOW_MS, lastSeenAtMs: NOW_MS, idleExpiresAtMs: NOW_MS + 1_800_000 },
    ...{ absoluteExpiresAtMs: NOW_MS + 43_200_000, amr: ["pwd"], roles: ["member"], authTimeMs: NOW_MS },
    ...{ refreshGeneration: 0, refreshRotatedAtMs: NOW_MS },
  };
}
