import type { ResourceRef } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import { notFound } from "../errors.ts";
import type { Caller } from "../session/caller.ts";
import type { Webhook, WebhookStore } from "./webhook.ts";

/** Who looks for it: the caller, and the means to ask whether they may. */
export interface WebhookSeeker {
  readonly caller: Pick<Caller, "tenantId">;
  readonly trail: Trail;
  mayI(asked: { readonly action: string; readonly resource: ResourceRef }): boolean;
  authorise(asked: { readonly resource: ResourceRef }): void;
}

/**
 * Finds an endpoint of the caller's tenant that they may act on.
 * @throws AppError `not_found` for a missing one, another tenant's, and one that the caller may not even see;
 * `access.denied` for one that they may see but not act on
 */
export async function findWebhook(
  { webhooks }: { readonly webhooks: Pick<WebhookStore, "get"> },
  { caller, trail, mayI, authorise }: WebhookSeeker,
  webhookId: string,
): Promise<Webhook> {
  const resource = { type: "webhook", id: webhookId };
  trail.about(resource);
  const webhook = await webhooks.get({ tenantId: caller.tenantId, webhookId });
  if (webhook === undefined || !mayI({ action: "webhook:read", resource })) throw notFound();
  authorise({ resource });
  return webhook;
}
