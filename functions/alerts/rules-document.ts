import * as z from "zod";
import type { RuleSettings } from "../../lib/unusual/detect.ts";
import { RULE_NAMES } from "../../lib/unusual/rule.ts";

/** What it may be is for `checkDestination` to say. */
const WebhookUrl = z.string().max(2048).meta({
  format: "uri",
  description:
    "Is told of each alert of this rule. Where no webhook has this URL, one is registered that is told of nothing else; its secret comes from rotating it.",
});

const Rule = z.strictObject({
  rule: z.enum(RULE_NAMES),
  enabled: z.boolean().exactOptional(),
  thresholds: z
    .record(z.string(), z.number())
    .exactOptional()
    .meta({ description: "By name, durations in seconds; `windowSeconds` is how long the rule remembers." }),
  response: z
    .enum(["alert", "step_up", "revoke_session"])
    .exactOptional()
    .meta({ description: "What is done by itself when the rule strikes, beside the alert." }),
  webhook: WebhookUrl.exactOptional(),
});

/** The rules as they are sent: what is left out is as by default. */
export const RulesInput = z.strictObject({ rules: z.array(Rule).max(RULE_NAMES.length) });

/** The rules as they are shown: all of them, with all that they have. */
export const RulesDocument = z
  .object({
    rules: z.array(
      z.object({
        rule: z.enum(RULE_NAMES),
        enabled: z.boolean(),
        thresholds: z.record(z.string(), z.number()),
        response: z.enum(["alert", "step_up", "revoke_session"]),
        webhook: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "AlertRules" });

/** Shows a tenant's settings. What is shown can be sent back. */
export function rulesDocument(settings: RuleSettings): z.output<typeof RulesDocument> {
  return { rules: RULE_NAMES.map((rule) => ({ rule, ...settings[rule] })) };
}
