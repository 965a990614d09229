import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { JournalRecordsDeps } from "../activity/journal-records.ts";
import type { DetectUnusualDeps } from "../unusual/detect-unusual.ts";
import { alertRulesTable } from "./alert-rules-table.ts";
import { alertTable } from "./alert-table.ts";
import { systemNow } from "./clock.ts";
import { sha256Bytes } from "./digest.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { eventLog } from "./event-log.ts";
import { newId } from "./ids.ts";
import { journalTable } from "./journal-table.ts";
import { sessionEnding } from "./platform.ts";
import { recordsById } from "./records-by-id.ts";
import { sessionResponses } from "./session-responses.ts";
import { sessionTable } from "./session-table.ts";
import { systemTrails } from "./system-trails.ts";
import { tenantTable } from "./tenant-table.ts";
import { windowTable } from "./window-table.ts";

/** Everything that following the log needs, but for the form in which records are shown. */
export type DetectionPorts = DetectUnusualDeps & Omit<JournalRecordsDeps, "show">;

/** Puts the adapters together that the rules live on. */
export function detectionPorts(client: DynamoDBClient = dynamoClient()): DetectionPorts {
  const journal = journalTable(client);
  const tenants = tenantTable(client);
  const trails = systemTrails(tenants, systemNow);
  return {
    journal,
    positions: journal,
    records: recordsById(client),
    windows: windowTable(client),
    rules: alertRulesTable(client),
    alerts: alertTable(client),
    systemTrails: trails,
    responses: sessionResponses(
      { ...sessionEnding(), sessions: sessionTable(client), tenants, systemTrails: trails },
      client,
    ),
    newId,
    sha256: sha256Bytes,
    onError: (eventId, cause) => eventLog.failed({ consumer: "detectUnusual", eventId }, cause),
  };
}
