import type { Arrival } from "../../lib/activity/journal.ts";
import { type JournalRecordsDeps, journalRecords } from "../../lib/activity/journal-records.ts";
import { arrival } from "../../lib/aws/arrivals.ts";
import { detectionPorts } from "../../lib/aws/detection-ports.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import type { StreamDeps } from "../../lib/events/batch.ts";
import { groupedStreamHandler } from "../../lib/events/grouped-batch.ts";
import { activityDocument } from "../../lib/http/activity-document.ts";
import { type DetectUnusualDeps, detectUnusual } from "../../lib/unusual/detect-unusual.ts";

/**
 * Follows the log: takes each record into its tenant's journal, once and in order, and shows it to the rules. What
 * seals and metrics are made of is in the journal from then on.
 */
export const createHandler = (deps: StreamDeps & JournalRecordsDeps & DetectUnusualDeps) =>
  groupedStreamHandler<Arrival>(
    {
      name: "detectUnusual",
      read: arrival,
      groupOf: ({ record }) => record.tenantId,
      handle: async (tenantId, arrivals) => {
        await journalRecords(deps, tenantId, arrivals);
        const inHand = new Map(arrivals.map(({ record }) => [record.id, record]));
        await detectUnusual(deps, tenantId, inHand);
      },
    },
    deps,
  );

export const handler = createHandler({ ...detectionPorts(), show: activityDocument, log: eventLog });
