import type { Trail } from "../activity/trail.ts";
import { checkDestination } from "./destination.ts";
import { type RegisterWebhookDeps, registerWebhook } from "./register-webhook.ts";
import type { WebhookStore } from "./webhook.ts";

/** What registering the endpoints of alert rules needs. */
export interface NameInRulesDeps extends RegisterWebhookDeps {
  readonly webhooks: Pick<WebhookStore, "add" | "get" | "all">;
  /** A record of its own beside that of the request. */
  readonly sideTrail: (
    trail: Trail,
    of: { readonly action: string; readonly resource: { readonly type: string; readonly id: string } },
  ) => Trail;
}

/** The places of a tenant's rules that name a URL. */
export interface NameInRules {
  readonly tenantId: string;
  readonly newId: (prefix: "whk") => string;
  readonly named: readonly { readonly url: string; readonly pointer: string }[];
}

/**
 * Registers the endpoints that alert rules name and that are not there, for those rules alone: their secret comes from
 * rotating it.
 * @throws AppError `request.invalid`, `conflict` for one endpoint too many
 */
export async function nameInRules(
  deps: NameInRulesDeps,
  { tenantId, newId, named }: NameInRules,
  trail: Trail,
): Promise<void> {
  for (const { url, pointer } of named) checkDestination(deps.destinations, url, pointer);
  if (named.length === 0) return;
  const known = await deps.webhooks.all(tenantId);
  const urls = new Set(named.map(({ url }) => url));
  for (const { url, format } of known) if (format === "webhook") urls.delete(url);
  for (const url of urls) {
    const webhookId = newId("whk");
    const side = deps.sideTrail(trail, {
      action: "webhook:create",
      resource: { type: "webhook", id: webhookId },
    });
    await registerWebhook(
      deps,
      { tenantId, webhookId, url, format: "webhook", eventTypes: [], description: "Of alert rules." },
      side,
    );
  }
}
