import * as z from "zod";
import { Id } from "../../lib/http/parse.ts";
import { StatementSchema } from "../../lib/http/statement-schema.ts";

// AuthZEN 1.0 section 10.1.1: members that are not known are ignored.

const Subject = z
  .object({ type: z.literal("session", { error: "must be `session`" }), id: Id })
  .describe("The session that is asked about; the caller's own where it is left out.");

const Action = z.object({
  name: z
    .string()
    .min(1)
    .max(128)
    .meta({ examples: ["report:generate"] }),
});

const Resource = z.object({
  type: z.string().min(1).max(128),
  id: z.string().min(1).max(256),
  properties: z
    .object({
      ownerId: z.string().max(128).optional().describe("The user who made the resource."),
      tags: z.record(z.string().max(128), z.string().max(256)).optional(),
    })
    .optional(),
});

const Context = z.object({
  ip: z.string().max(64).optional().describe("The address of the request that is decided about."),
  log: z.boolean().optional().describe("`false` keeps the decision off the record."),
});

/** One question (AuthZEN 1.0 section 6.1). */
export const EvaluationRequest = z.object({
  subject: Subject.optional(),
  action: Action,
  resource: Resource,
  context: Context.optional(),
});

/** Questions of one batch: as many as are put on record in one transaction. */
const EVALUATIONS_MAX = 100;

const Partly = EvaluationRequest.partial();

/** A batch with defaults for what its questions leave out; without questions it is one itself (AuthZEN 1.0 section 7.1). */
export const EvaluationsRequest = Partly.extend({
  evaluations: z.array(Partly).max(EVALUATIONS_MAX).optional(),
  options: z
    .object({
      evaluations_semantic: z
        .enum(["execute_all", "deny_on_first_deny", "permit_on_first_permit"])
        .optional(),
    })
    .optional(),
}).check(({ value: { evaluations = [], ...defaults }, issues }) => {
  const asked = evaluations.length === 0 ? [{ one: {}, place: [] }] : evaluations.map(placed);
  for (const { one, place } of asked) {
    const { action, resource } = { ...defaults, ...one };
    for (const [name, value] of Object.entries({ action, resource })) {
      if (value !== undefined) continue;
      issues.push({ code: "custom", message: "is required", path: [...place, name], input: one });
    }
  }
});

function placed(one: z.output<typeof Partly>, index: number) {
  return { one, place: ["evaluations", index] };
}

/** The answer to one question (AuthZEN 1.0 section 6.2). */
export const EvaluationAnswer = z.object({
  decision: z.boolean(),
  context: z.object({
    reason: z.enum([
      "allowed_by_statement",
      "denied_by_statement",
      "condition_not_met",
      "no_statement",
      "step_up_required",
      "enrollment_required",
      "address_not_allowed",
      "session_ended",
      "user_disabled",
      "subject_not_found",
    ]),
    stepUpRequired: z.literal(true).optional(),
    maxAgeSeconds: z.int().optional().describe("How recently a factor has to have been verified."),
    explain: z.string().optional(),
    role: z.string().optional(),
    statementIndex: z.int().optional(),
    statement: StatementSchema.optional(),
    error: z.object({ status: z.int(), message: z.string() }).optional(),
  }),
});
