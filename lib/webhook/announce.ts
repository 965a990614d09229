import type { ActivityRecord } from "../activity/activity.ts";
import type { AlertRulesStore } from "../unusual/alert-rules.ts";
import type { AlertStore } from "../unusual/alert-store.ts";
import { attemptDelivery } from "./attempt-delivery.ts";
import { type DescribeEventDeps, describeEvent } from "./describe-event.ts";
import { type EventType, typesOf, type WebhookEvent } from "./event.ts";
import { type MakeTriesDeps, makeTries, type Try } from "./make-tries.ts";
import { messageTo } from "./message.ts";
import type { Webhook, WebhookStore } from "./webhook.ts";

/** What telling endpoints needs. */
export interface AnnounceDeps extends DescribeEventDeps, MakeTriesDeps {
  readonly webhooks: Pick<WebhookStore, "all" | "noteFailure" | "noteSuccess" | "get" | "replace">;
  readonly alerts: Pick<AlertStore, "get">;
  readonly rules: Pick<AlertRulesStore, "get">;
  /** The same id for the same event, whoever makes it. */
  readonly messageId: (record: ActivityRecord, type: EventType) => string;
}

/**
 * Tells the endpoints of one tenant what follows from its records: each message is put down first and then tried. A
 * record that comes again finds its messages there, and leaves them to whoever has them. Endpoints that fail at present
 * are left to the schedule, so that nobody waits for them here more than once.
 */
export async function announce(
  deps: AnnounceDeps,
  tenantId: string,
  records: readonly ActivityRecord[],
): Promise<void> {
  const possible = records.flatMap((record) => typesOf(record).map((type) => ({ record, type })));
  if (possible.length === 0) return;
  const webhooks = (await deps.webhooks.all(tenantId)).filter(({ disabled }) => disabled === undefined);
  if (webhooks.length === 0) return;
  const reading = readingOnce(deps);
  const begun: Try[] = [];
  for (const one of possible) {
    for (const [webhook, event] of await addresseesOf(reading, webhooks, one)) {
      const isFailing = webhook.failingSinceMs !== undefined;
      const delivery = messageTo(
        webhook,
        { ...event, claims: event.claims ?? {}, deliveryId: deps.messageId(one.record, one.type) },
        { nowMs: deps.now(), when: isFailing ? "later" : "at_once" },
      );
      const { deliveryId } = delivery;
      const isMine = (await deps.deliveries.save(undefined, delivery)) === "done";
      if (isMine && !isFailing) {
        begun.push({ deliveryId, make: () => attemptDelivery(deps, webhook, delivery) });
      }
    }
  }
  await makeTries(deps, begun);
}

interface Occasion {
  readonly record: ActivityRecord;
  readonly type: EventType;
}

/** Who is to be told of what follows from a record, and of what. Nobody is told of what was before them. */
async function addresseesOf(
  deps: AnnounceDeps,
  webhooks: readonly Webhook[],
  { record, type }: Occasion,
): Promise<readonly (readonly [Webhook, WebhookEvent])[]> {
  const url = type === "alert.opened" ? await urlOfRule(deps, record) : undefined;
  const named = webhooks.find((webhook) => webhook.url === url && webhook.format === "webhook");
  const addressees = webhooks.filter(
    (webhook) =>
      webhook.createdAtMs <= record.receivedAtMs && (webhook.eventTypes.includes(type) || webhook === named),
  );
  const event = addressees.length === 0 ? undefined : await describeEvent(deps, record, type);
  return event === undefined ? [] : addressees.map((webhook) => [webhook, event] as const);
}

/** Where the rule that an alert comes from wants it to be told. */
async function urlOfRule(
  deps: AnnounceDeps,
  { tenantId, resource }: ActivityRecord,
): Promise<string | undefined> {
  const { settings } = await deps.rules.get(tenantId);
  const urls = new Map(
    Object.entries(settings).flatMap(([rule, { webhook }]) =>
      webhook === undefined ? [] : [[rule, webhook] as const],
    ),
  );
  if (urls.size === 0) return undefined;
  const found = await deps.alerts.get(tenantId, resource?.id ?? "");
  return found === undefined ? undefined : urls.get(found.alert.rule);
}

/** All of one call is of one tenant, whose rows are read once for it. */
function readingOnce(deps: AnnounceDeps): AnnounceDeps {
  let tenant: ReturnType<AnnounceDeps["tenants"]["get"]> | undefined;
  let rules: ReturnType<AnnounceDeps["rules"]["get"]> | undefined;
  return {
    ...deps,
    tenants: {
      get: (tenantId) => {
        tenant ??= deps.tenants.get(tenantId);
        return tenant;
      },
    },
    rules: {
      get: (tenantId) => {
        rules ??= deps.rules.get(tenantId);
        return rules;
      },
    },
  };
}
