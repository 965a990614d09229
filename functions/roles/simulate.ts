import * as z from "zod";
import type { AccessContext } from "../../lib/access/condition.ts";
import { explain } from "../../lib/access/decide.ts";
import { shownDecision, simulate } from "../../lib/access/simulate.ts";
import { platform } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { StatementSchema, StatementsSchema } from "../../lib/http/statement-schema.ts";
import { type EpochMs, tryParseRfc3339 } from "../../lib/time.ts";

const Time = z.string().transform((text, context) => {
  const atMs = tryParseRfc3339(text);
  if (atMs !== undefined) return atMs;
  context.issues.push({ code: "custom", message: "must be an RFC 3339 time with a zone", input: text });
  return z.NEVER;
});

const Context = z
  .object({
    time: Time.optional(),
    ip: z.string().max(64).optional(),
    sessionKind: z.enum(["interactive", "workflow", "support"]).optional(),
    mfaAgeSeconds: z.int().min(0).optional().describe("How long ago a second factor was verified."),
    owner: z.boolean().optional().describe("Whether the one who asks made the resource."),
    tags: z.record(z.string().max(128), z.string().max(256)).optional(),
  })
  .describe(
    "What is known beside action and resource. A condition on what is not given cannot be told: an allow does not apply then, and a deny does. `time` is now where it is not given. Members that are not known are ignored.",
  );

/** Says what statements would decide, with nothing stored. */
export const spec = {
  method: "POST",
  route: "/v1/roles/simulate",
  summary: "Try statements out before a role has them",
  description:
    "Each decision names the statement that made it (`statementIndex` counts from 0) and says so in words (`explain`). `reason` is `allowed_by_statement`, `denied_by_statement`, `condition_not_met` or `no_statement`.",
  tag: "Roles",
  permission: "role:read",
  action: "role:simulate",
  body: z.strictObject({
    statements: StatementsSchema,
    requests: z
      .array(
        z.strictObject({
          action: z.string().min(1).max(128),
          resource: z
            .string()
            .min(1)
            .max(256)
            .meta({ examples: ["volume/res_01", "*"] }),
          context: Context.optional(),
        }),
      )
      .min(1)
      .max(500),
  }),
  response: z.object({
    decisions: z.array(
      z.object({
        decision: z.boolean(),
        reason: z.enum(["allowed_by_statement", "denied_by_statement", "condition_not_met", "no_statement"]),
        explain: z.string(),
        statementIndex: z.int().optional(),
        statement: StatementSchema.optional(),
      }),
    ),
  }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps) =>
  endpoint(spec, deps, async ({ body, nowMs }) => {
    const decisions = simulate({
      statements: body.statements,
      requests: body.requests.map(({ action, resource, context = {} }) => ({
        action,
        resource,
        context: accessContext(context, nowMs),
      })),
    });
    return json({
      decisions: decisions.map((decision) => ({
        decision: decision.allowed,
        explain: explain(decision),
        ...shownDecision(decision),
      })),
    });
  });

function accessContext(context: z.output<typeof Context>, nowMs: EpochMs): AccessContext {
  const { time = nowMs, ip, sessionKind, mfaAgeSeconds, owner, tags } = context;
  return {
    nowMs: time,
    ...(ip === undefined ? {} : { ip }),
    ...(sessionKind === undefined ? {} : { sessionKind }),
    ...(mfaAgeSeconds === undefined ? {} : { factorVerifiedAtMs: time - mfaAgeSeconds * 1000 }),
    ...(owner === undefined ? {} : { callerId: "caller", ownerId: owner ? "caller" : "another" }),
    ...(tags === undefined ? {} : { tags }),
  };
}

export const handler = createHandler(platform());
