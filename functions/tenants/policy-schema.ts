import * as z from "zod";
import { isActionPattern, isCidr } from "../../lib/access/statement.ts";
import { DEFAULT_POLICY } from "../../lib/session/policy.ts";

/** Patterns of `sensitiveActions` and blocks of `ipAllowList`: the row of a tenant is read with every request. */
const LIST_LENGTH_MAX = 50;

const SensitiveActions = z
  .array(
    z
      .string()
      .refine(isActionPattern, "must be noun:verb of 1 to 128 characters, where * matches any run")
      .meta({ examples: ["*:delete", "user:update"] }),
  )
  .max(LIST_LENGTH_MAX);

const IpAllowList = z
  .array(
    z
      .string()
      .refine(isCidr, "must be a CIDR block, such as 192.0.2.0/24 or 2001:db8::/32")
      .meta({ examples: ["192.0.2.0/24", "2001:db8::/32"] }),
  )
  .max(LIST_LENGTH_MAX);

const AllowedFactors = z
  .array(z.enum(["totp", "sms", "passkey"]))
  .min(1)
  .refine((types) => new Set(types).size === types.length, "must not name a type twice");

/** A tenant's policy as it is read (contract section 3). */
export const PolicyDocument = z
  .object({
    idleTimeoutSeconds: z.int(),
    absoluteTimeoutSeconds: z.int(),
    maxConcurrentSessions: z.int(),
    onSessionLimit: z.enum(["evict_oldest", "deny", "ask"]),
    mfa: z.enum(["optional", "required"]),
    allowedFactors: z.array(z.enum(["totp", "sms", "passkey"])),
    stepUpMaxAgeSeconds: z.int(),
    sensitiveActions: z.array(z.string()),
    ipAllowList: z.array(z.string()),
    onSessionEnd: z.enum(["keep", "stop"]),
    activityRetentionDays: z.int(),
  })
  .meta({ id: "TenantPolicy" });

/** A policy as it is written: what is left out takes its default. */
export const PolicySchema = z.strictObject({
  idleTimeoutSeconds: z.int().min(10).max(86_400).default(DEFAULT_POLICY.idleTimeoutSeconds),
  absoluteTimeoutSeconds: z.int().min(60).max(2_592_000).default(DEFAULT_POLICY.absoluteTimeoutSeconds),
  maxConcurrentSessions: z.int().min(1).max(100).default(DEFAULT_POLICY.maxConcurrentSessions),
  onSessionLimit: PolicyDocument.shape.onSessionLimit.default(DEFAULT_POLICY.onSessionLimit),
  mfa: PolicyDocument.shape.mfa.default(DEFAULT_POLICY.mfa),
  allowedFactors: AllowedFactors.default([...DEFAULT_POLICY.allowedFactors]),
  stepUpMaxAgeSeconds: z.int().min(1).max(86_400).default(DEFAULT_POLICY.stepUpMaxAgeSeconds),
  sensitiveActions: SensitiveActions.default([...DEFAULT_POLICY.sensitiveActions]),
  ipAllowList: IpAllowList.default([...DEFAULT_POLICY.ipAllowList]),
  onSessionEnd: PolicyDocument.shape.onSessionEnd.default(DEFAULT_POLICY.onSessionEnd),
  activityRetentionDays: z.int().min(1).max(3650).default(DEFAULT_POLICY.activityRetentionDays),
});
