import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { FanOutDeps } from "../live/fan-out.ts";
import type { OpenFeedDeps } from "../live/open-feed.ts";
import type { WatchFeedsDeps } from "../live/watch-feeds.ts";
import { alertTable } from "./alert-table.ts";
import { systemNow, systemPause } from "./clock.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { eventLog } from "./event-log.ts";
import { guidanceTable } from "./guidance-table.ts";
import { journalTable } from "./journal-table.ts";
import { liveGateway } from "./live-gateway.ts";
import { liveTable } from "./live-table.ts";
import { liveViewers } from "./live-viewers.ts";
import { platform, platformSeals } from "./platform.ts";
import { recordsById } from "./records-by-id.ts";
import { sessionTable } from "./session-table.ts";
import { tenantTable } from "./tenant-table.ts";

/** Everything that live feeds need, but for the forms in which things are shown. */
export interface LivePorts extends OpenFeedDeps, Omit<FanOutDeps, "show">, WatchFeedsDeps {
  readonly connections: ReturnType<typeof liveTable>;
  readonly seals: typeof platformSeals;
}

/** Puts the adapters together that live feeds live on. */
export function livePorts(client: DynamoDBClient = dynamoClient()): LivePorts {
  return {
    connections: liveTable(client),
    gateway: liveGateway(),
    viewers: liveViewers(platform()),
    journal: journalTable(client),
    records: recordsById(client),
    sessions: sessionTable(client),
    tenants: tenantTable(client),
    alerts: alertTable(client),
    guidance: guidanceTable(client),
    seals: platformSeals,
    allowedOrigins: env.allowedOrigins,
    now: systemNow,
    pause: systemPause,
    onError: (eventId, cause) => eventLog.failed({ consumer: "live", eventId }, cause),
  };
}
