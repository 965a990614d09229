import * as z from "zod";
import {
  isActionPattern,
  isCidr,
  isClockTime,
  isResourcePattern,
  isTimeZone,
  MAX_MFA_WITHIN_SECONDS,
  MAX_PATTERN_CHARS,
  MAX_PATTERNS,
  MAX_STATEMENTS,
  MAX_STATEMENTS_CHARS,
} from "../access/statement.ts";

const ActionPattern = z
  .string()
  .refine(
    isActionPattern,
    "must be noun:verb of 1 to 128 letters, digits and _ . : -, where * matches any run",
  );

const ResourcePattern = z
  .string()
  .refine(
    isResourcePattern,
    "must be type/id of 1 to 128 letters, digits and _ . : / @ + = , ~ -, where * matches any run",
  );

const ClockTime = z.string().refine(isClockTime, "must be a time of day from 00:00 to 23:59");

const Between = z
  .strictObject({
    from: ClockTime,
    to: ClockTime,
    timeZone: z.string().refine(isTimeZone, "must be the name of an IANA time zone, such as Europe/Berlin"),
  })
  .refine(({ from, to }) => from !== to, { path: ["to"], message: "must differ from `from`" });

const TagText = z.string().max(MAX_PATTERN_CHARS);

const Condition = z
  .strictObject({
    mfaWithinSeconds: z.int().min(1).max(MAX_MFA_WITHIN_SECONDS).exactOptional(),
    ipCidrs: z
      .array(z.string().refine(isCidr, "must be a CIDR block, such as 192.0.2.0/24 or 2001:db8::/32"))
      .min(1)
      .max(MAX_PATTERNS)
      .exactOptional(),
    between: Between.exactOptional(),
    sessionKinds: z
      .array(z.enum(["interactive", "workflow", "support"]))
      .min(1)
      .max(3)
      .exactOptional(),
    owner: z.literal(true).exactOptional(),
    tags: z
      .record(TagText.min(1), TagText)
      .refine((tags) => isWithin(Object.keys(tags).length), `must have 1 to ${MAX_PATTERNS} members`)
      .exactOptional(),
  })
  .refine((condition) => Object.keys(condition).length > 0, {
    error: "must name a condition, or be left out",
    // An unknown one has been refused by its own name.
    when: ({ issues }) => issues.length === 0,
  });

/** One statement of a role (contract section 4). */
export const StatementSchema = z
  .strictObject({
    effect: z.enum(["allow", "deny"]),
    actions: z.array(ActionPattern).min(1).max(MAX_PATTERNS),
    resources: z.array(ResourcePattern).min(1).max(MAX_PATTERNS),
    condition: Condition.exactOptional(),
  })
  .meta({ id: "Statement" });

/** The statements of a role, at most 100 and 64 KiB of them. */
export const StatementsSchema = z
  .array(StatementSchema)
  .max(MAX_STATEMENTS)
  .refine(
    (statements) => JSON.stringify(statements).length <= MAX_STATEMENTS_CHARS,
    `must have at most ${MAX_STATEMENTS_CHARS} characters altogether`,
  );

function isWithin(count: number): boolean {
  return count >= 1 && count <= MAX_PATTERNS;
}
