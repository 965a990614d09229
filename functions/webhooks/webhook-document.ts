import * as z from "zod";
import { toRfc3339 } from "../../lib/time.ts";
import { EVENT_TYPES } from "../../lib/webhook/event.ts";
import { WEBHOOK_FORMATS, type Webhook } from "../../lib/webhook/webhook.ts";

/** What an endpoint wants, as it is written. What a URL may be is for `checkDestination` to say. */
export const WebhookWishes = {
  url: z.string().max(2048).meta({
    format: "uri",
    description: "`https`, on the public Internet. Redirects are not followed.",
  }),
  eventTypes: z
    .array(z.enum(EVENT_TYPES))
    .max(EVENT_TYPES.length)
    .refine((types) => new Set(types).size === types.length, "must have each type once")
    .meta({ description: "With none, only what alert rules name its URL for." }),
  description: z
    .string()
    .max(200)
    .regex(/^[^\p{Cc}]*$/u, "must be one line")
    .refine((text) => text.isWellFormed(), "must not hold half of a surrogate pair"),
  audience: z
    .string()
    .min(1)
    .max(512)
    .regex(/^[\x20-\x7e]+$/, "must be printable ASCII")
    .meta({ description: "`aud` of the tokens of a `set`; its URL's origin where it is left out." }),
};

/** In which form an endpoint is told. */
export const Format = z.enum(WEBHOOK_FORMATS).meta({
  description:
    "`webhook`: JSON, signed by Standard Webhooks. `set`: a Security Event Token (CAEP `session-revoked`) for each end of a session, pushed as RFC 8935 has it.",
});

/** An endpoint as the API shows it. */
export const WebhookDocument = z
  .object({
    id: z.string(),
    url: z.string(),
    format: Format,
    eventTypes: z.array(z.enum(EVENT_TYPES)),
    description: z.string(),
    audience: z.string().optional(),
    enabled: z.boolean(),
    disabledReason: z
      .enum(["by_user", "failing", "gone"])
      .optional()
      .describe("`failing`: nothing else for 5 days; `gone`: it answered 410"),
    failingSince: z.iso.datetime().optional(),
    createdAt: z.iso.datetime(),
    previousSecretUntil: z.iso
      .datetime()
      .optional()
      .describe("Until then messages are signed with the secret before this one, too"),
  })
  .meta({ id: "Webhook" });

/** An endpoint with its secret. */
export const WebhookWithSecretDocument = WebhookDocument.extend({
  secret: z.string().meta({
    examples: ["whsec_…"],
    description: "Shown this once. Base64 after `whsec_`: the key of the HMAC.",
  }),
}).meta({ id: "WebhookWithSecret" });

/** Shows an endpoint. */
export function webhookDocument(webhook: Webhook): z.output<typeof WebhookDocument> {
  const { webhookId, url, format, eventTypes, description, audience, disabled } = webhook;
  const { failingSinceMs, createdAtMs, previousSecret } = webhook;
  return {
    ...{ id: webhookId, url, format, eventTypes: [...eventTypes], description },
    ...(audience === undefined ? {} : { audience }),
    enabled: disabled === undefined,
    ...(disabled === undefined ? {} : { disabledReason: disabled }),
    ...(failingSinceMs === undefined ? {} : { failingSince: toRfc3339(failingSinceMs) }),
    createdAt: toRfc3339(createdAtMs),
    ...(previousSecret === undefined ? {} : { previousSecretUntil: toRfc3339(previousSecret.untilMs) }),
  };
}
