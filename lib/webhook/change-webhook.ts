import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { AlertRulesStore } from "../unusual/alert-rules.ts";
import { checkDestination, type DestinationRules } from "./destination.ts";
import type { WebhookWithSecret } from "./register-webhook.ts";
import { checkWishes, type Webhook, type WebhookSecrets, type WebhookStore } from "./webhook.ts";

/** What changing endpoints needs. */
export interface ChangeWebhookDeps {
  readonly webhooks: Pick<WebhookStore, "replace" | "remove">;
  readonly rules: Pick<AlertRulesStore, "get">;
  readonly destinations: DestinationRules;
}

/** What of an endpoint is to be other than it is. */
export interface WebhookChanges
  extends Partial<Pick<Webhook, "url" | "eventTypes" | "description" | "audience">> {
  readonly enabled?: boolean;
}

/** An endpoint as it was found, and the version that the client has seen. */
export interface FoundWebhook {
  readonly webhook: Webhook;
  readonly expectedVersion: number | undefined;
}

/**
 * Changes an endpoint. One that is enabled again, or is elsewhere now, begins anew: its failures are forgotten.
 * @throws AppError `request.invalid`, `precondition.failed`, `conflict` also where an alert rule names the URL
 */
export async function changeWebhook(
  deps: ChangeWebhookDeps,
  { webhook: before, expectedVersion, changes }: FoundWebhook & { readonly changes: WebhookChanges },
  trail: Trail,
): Promise<Webhook> {
  checkVersion(before, expectedVersion);
  const { enabled, ...wishes } = changes;
  const isElsewhere = wishes.url !== undefined && wishes.url !== before.url;
  if (isElsewhere) {
    checkDestination(deps.destinations, wishes.url ?? "", "/url");
    await checkUnnamed(deps, before);
  }
  const { disabled, failingSinceMs, ...rest } = before;
  const beginsAnew = isElsewhere || (enabled === true && disabled !== undefined);
  const stays = enabled ?? disabled === undefined;
  const after: Webhook = {
    ...rest,
    ...wishes,
    ...(stays ? {} : { disabled: disabled ?? ("by_user" as const) }),
    ...(beginsAnew || failingSinceMs === undefined ? {} : { failingSinceMs }),
    version: before.version + 1,
  };
  checkWishes(after);
  if ((await deps.webhooks.replace(before, after, trail)) === "moved") throw moved();
  return after;
}

/** Removes an endpoint, and with it what is on its way there. @throws AppError as `changeWebhook` */
export async function removeWebhook(
  deps: ChangeWebhookDeps,
  { webhook, expectedVersion }: FoundWebhook,
  trail: Trail,
): Promise<void> {
  checkVersion(webhook, expectedVersion);
  await checkUnnamed(deps, webhook);
  if ((await deps.webhooks.remove(webhook, trail)) === "moved") throw moved();
}

/** What rotating a secret needs. */
export interface RotateSecretDeps {
  readonly webhooks: Pick<WebhookStore, "replace">;
  readonly secrets: WebhookSecrets;
  readonly now: () => EpochMs;
}

/**
 * Makes a new secret. Messages are signed with the one before as well until the overlap is over; the one before that
 * is of no use any more.
 * @throws AppError `precondition.failed`, `conflict`
 */
export async function rotateSecret(
  deps: RotateSecretDeps,
  { webhook: before, expectedVersion, overlapSeconds }: FoundWebhook & { readonly overlapSeconds: number },
  trail: Trail,
): Promise<WebhookWithSecret> {
  checkVersion(before, expectedVersion);
  const secret = deps.secrets.create();
  const { previousSecret: _older, ...rest } = before;
  const webhook: Webhook = {
    ...rest,
    sealedSecret: await deps.secrets.seal(secret, before),
    ...(overlapSeconds === 0
      ? {}
      : {
          previousSecret: {
            sealedSecret: before.sealedSecret,
            untilMs: deps.now() + overlapSeconds * 1000,
          },
        }),
    version: before.version + 1,
  };
  trail.note({ overlapSeconds });
  if ((await deps.webhooks.replace(before, webhook, trail)) === "moved") throw moved();
  return { webhook, secret };
}

/** A rule whose alerts would go nowhere is put right first. */
async function checkUnnamed(
  { rules }: Pick<ChangeWebhookDeps, "rules">,
  { tenantId, url }: Webhook,
): Promise<void> {
  const { settings } = await rules.get(tenantId);
  const naming = Object.entries(settings).filter(([, { webhook }]) => webhook === url);
  if (naming.length === 0) return;
  const names = naming.map(([rule]) => rule).join(", ");
  throw new AppError("conflict", `Alert rules send to this URL: take it from ${names} first.`);
}

function checkVersion({ version }: Webhook, expected: number | undefined): void {
  if (expected === undefined || expected === version) return;
  throw new AppError("precondition.failed", "The webhook has changed since you read it: read it again.");
}

function moved(): AppError {
  return new AppError("conflict", "Somebody else changes the webhook at this moment: read it again.");
}
