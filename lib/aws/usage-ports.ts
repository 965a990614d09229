import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type ReadUsageDeps, readUsage, readUsageInputs } from "../usage/read-usage.ts";
import type { RecordUsageDeps } from "../usage/record-usage.ts";
import type { RollUpUsageDeps } from "../usage/roll-up-usage.ts";
import type { LateChanges, UsageSource } from "../usage/usage-source.ts";
import type { VoidUsageDeps } from "../usage/void-usage.ts";
import { attachmentTable } from "./attachment-table.ts";
import { cardTable } from "./card-table.ts";
import { systemNow } from "./clock.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { eventLog } from "./event-log.ts";
import { meterCatalog } from "./meter-catalog.ts";
import { meteredResources } from "./metered-resources.ts";
import { openSeriesTable } from "./open-series-table.ts";
import { resourceTable } from "./resource-table.ts";
import { rollUpTable } from "./roll-up-table.ts";
import { type SessionLives, sessionLifeTable } from "./session-life-table.ts";
import { sessionTable } from "./session-table.ts";
import { tenantTable } from "./tenant-table.ts";
import { usageEventTable } from "./usage-event-table.ts";
import { usageHistory } from "./usage-history.ts";

/** Everything that the use cases of usage need, whichever function they run in. */
export interface UsagePorts extends RecordUsageDeps, VoidUsageDeps, ReadUsageDeps, RollUpUsageDeps {
  readonly events: RecordUsageDeps["events"] & VoidUsageDeps["events"];
  readonly openSeries: RollUpUsageDeps["openSeries"];
  readonly history: RollUpUsageDeps["history"];
  readonly rollUps: RollUpUsageDeps["rollUps"] & ReadUsageDeps["rollUps"];
  readonly lateChanges: LateChanges;
  readonly lives: SessionLives;
  readonly usage: UsageSource;
}

/** Puts the adapters together that usage lives on. */
export function usagePorts(client: DynamoDBClient = dynamoClient()): UsagePorts {
  const lives = sessionLifeTable(
    { sessions: sessionTable(client), tenants: tenantTable(client), now: systemNow },
    client,
  );
  const rollUps = rollUpTable(client);
  const reading: ReadUsageDeps = {
    openSeries: openSeriesTable(client),
    history: usageHistory({ attachments: attachmentTable(client), lives }, client),
    rollUps,
    now: systemNow,
  };
  return {
    events: usageEventTable(client),
    openSeries: openSeriesTable(client),
    history: reading.history,
    rollUps,
    lateChanges: rollUps,
    lives,
    meteredResources: meteredResources(resourceTable(client), client),
    catalog: meterCatalog(cardTable(client)),
    usage: {
      rows: (query) => readUsage(reading, query),
      inputs: (query) => readUsageInputs(reading, query),
    },
    now: systemNow,
    onError: ({ resourceId, meter }, cause) =>
      eventLog.failed({ consumer: "roll-up-usage", eventId: `${resourceId} ${meter}` }, cause),
  };
}
