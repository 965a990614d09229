import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import { checkDestination, type DestinationRules } from "./destination.ts";
import type { EventType } from "./event.ts";
import {
  checkWishes,
  defaultEventTypes,
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookFormat,
  type WebhookSecrets,
  type WebhookStore,
} from "./webhook.ts";

/** What registering endpoints needs. */
export interface RegisterWebhookDeps {
  readonly webhooks: Pick<WebhookStore, "add" | "get">;
  readonly secrets: WebhookSecrets;
  readonly destinations: DestinationRules;
  readonly now: () => EpochMs;
}

/** An endpoint to be. */
export interface RegisterWebhook {
  readonly tenantId: string;
  readonly webhookId: string;
  readonly url: string;
  readonly format: WebhookFormat;
  /** Absent for all that its format has. */
  readonly eventTypes?: readonly EventType[];
  readonly description: string;
  readonly audience?: string;
}

/** An endpoint with its secret, which is shown at no other time. */
export interface WebhookWithSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

/**
 * Registers an endpoint and makes its secret. Repeated with the same id after a lost answer it finds the endpoint made.
 * @throws AppError `request.invalid` for a URL that is not to be called, `conflict` for one endpoint too many
 */
export async function registerWebhook(
  deps: RegisterWebhookDeps,
  input: RegisterWebhook,
  trail: Trail,
): Promise<WebhookWithSecret> {
  const { eventTypes = defaultEventTypes(input.format) } = input;
  checkDestination(deps.destinations, input.url, "/url");
  const secret = deps.secrets.create();
  const webhook: Webhook = {
    ...input,
    eventTypes,
    createdAtMs: deps.now(),
    sealedSecret: await deps.secrets.seal(secret, input),
    version: 1,
  };
  checkWishes(webhook);
  switch (await deps.webhooks.add(webhook, trail)) {
    case "done":
      return { webhook, secret };
    case "limit":
      throw new AppError("conflict", `A tenant has at most ${WEBHOOKS_MAX} webhooks.`);
    default:
      return await registered(deps, webhook);
  }
}

async function registered(deps: RegisterWebhookDeps, wanted: Webhook): Promise<WebhookWithSecret> {
  const webhook = await deps.webhooks.get(wanted);
  if (webhook === undefined) throw new AppError("conflict", "The webhook was deleted at the same moment.");
  return { webhook, secret: await deps.secrets.open(webhook.sealedSecret, webhook) };
}
