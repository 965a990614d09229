/** What happens at a sign-in that would go over `maxConcurrentSessions`. */
export type OnSessionLimit = "evict_oldest" | "deny" | "ask";

/** The kinds of second factor that a tenant can allow. */
export type FactorType = "totp" | "sms" | "passkey";

/** A tenant's rules for its sessions (contract section 3). Every change holds from the next request on. */
export interface TenantPolicy {
  /** 10 to 86,400. */
  readonly idleTimeoutSeconds: number;
  /** 60 to 2,592,000. */
  readonly absoluteTimeoutSeconds: number;
  /** 1 to 100, per user. */
  readonly maxConcurrentSessions: number;
  readonly onSessionLimit: OnSessionLimit;
  readonly mfa: "optional" | "required";
  readonly allowedFactors: readonly FactorType[];
  /** How old the last verified factor may be for a sensitive action. 1 to 86,400. */
  readonly stepUpMaxAgeSeconds: number;
  /** Action patterns, `*` matches any run of characters. */
  readonly sensitiveActions: readonly string[];
  /** CIDR blocks a session may be used from; empty means from anywhere. */
  readonly ipAllowList: readonly string[];
  /** What happens to the resources that only this session held. */
  readonly onSessionEnd: "keep" | "stop";
  /** Counted from receipt. 1 to 3,650. */
  readonly activityRetentionDays: number;
}

/** What a new tenant starts with. `sensitiveActions` is contract section 4. */
export const DEFAULT_POLICY: TenantPolicy = {
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
