import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isAddressAllowed } from "../access/cidr.ts";
import { sideTrail } from "../resource/system-trail.ts";
import type { AnnounceDeps } from "../webhook/announce.ts";
import type { NameInRulesDeps } from "../webhook/name-in-rules.ts";
import type { RetryDeliveriesDeps } from "../webhook/retry-deliveries.ts";
import { alertRulesTable } from "./alert-rules-table.ts";
import { alertTable } from "./alert-table.ts";
import { systemNow, systemPause } from "./clock.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { eventLog } from "./event-log.ts";
import { derivedId } from "./ids.ts";
import { invoiceTable } from "./invoice-table.ts";
import { platformKeys, platformSecrets } from "./platform.ts";
import { seals } from "./seals.ts";
import { sessionTable } from "./session-table.ts";
import { systemTrails } from "./system-trails.ts";
import { tenantTable } from "./tenant-table.ts";
import { webhookDeliveryTable } from "./webhook-delivery-table.ts";
import { webhookHmac, webhookSecrets } from "./webhook-secrets.ts";
import { webhookSender } from "./webhook-sender.ts";
import { webhookTable } from "./webhook-table.ts";
import { webhookTokens } from "./webhook-tokens.ts";

/** Where messages may go. */
const destinations = { isAddressIn: isAddressAllowed, allowsLocalhost: env.webhooksToLocalhost };

/** What is kept of an endpoint is sealed as the secrets of factors are, with keys that outlive what clients carry. */
const endpointSeals = seals({
  keys: async () => (await platformSecrets.current()).factorKeys,
  now: systemNow,
});

/** What registering and changing endpoints needs, and sending to one. */
export function webhookPorts(client: DynamoDBClient = dynamoClient()) {
  return {
    webhooks: webhookTable(client),
    deliveries: webhookDeliveryTable(client),
    rules: alertRulesTable(client),
    secrets: webhookSecrets(endpointSeals),
    destinations,
    sender: webhookSender({ destinations }),
    hmac: webhookHmac,
    signToken: webhookTokens(platformKeys),
    systemTrails: systemTrails(tenantTable(client), systemNow),
    issuer: env.issuer,
    now: systemNow,
    random: Math.random,
  };
}

/** What alert rules need that name endpoints. */
export function ruleWebhookPorts(): NameInRulesDeps {
  return { ...webhookPorts(), sideTrail };
}

/** What following the log and trying again need, but for the forms in which things are shown and the time left. */
export function announcePorts(
  client: DynamoDBClient = dynamoClient(),
): Omit<AnnounceDeps & RetryDeliveriesDeps, "show" | "remainingMs"> {
  return {
    ...webhookPorts(client),
    sessions: sessionTable(client),
    alerts: alertTable(client),
    invoices: invoiceTable(client),
    tenants: tenantTable(client),
    messageId: ({ id, receivedAtMs }, type) => derivedId("msg", receivedAtMs, `${id}/${type}`),
    wait: systemPause,
    onError: (deliveryId, cause) =>
      eventLog.failed({ consumer: "deliverWebhooks", eventId: deliveryId }, cause),
  };
}
