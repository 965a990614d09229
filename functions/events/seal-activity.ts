import { type SealActivityDeps, sealActivity } from "../../lib/activity/seal-activity.ts";
import type { SealBacklog } from "../../lib/activity/seal-store.ts";
import { systemNow } from "../../lib/aws/clock.ts";
import { sha256Bytes } from "../../lib/aws/digest.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { newId } from "../../lib/aws/ids.ts";
import { journalTable } from "../../lib/aws/journal-table.ts";
import { leaseTable } from "../../lib/aws/lease-table.ts";
import { platformKeys } from "../../lib/aws/platform.ts";
import { sealSigner } from "../../lib/aws/seal-signer.ts";
import { sealTable } from "../../lib/aws/seal-table.ts";
import { publishCounts } from "../../lib/aws/service-metrics.ts";
import { type ScheduleDeps, scheduleHandler } from "../../lib/events/schedule.ts";

interface SealAllDeps extends ScheduleDeps, SealActivityDeps {
  readonly backlog: SealBacklog;
  readonly publishCounts: typeof publishCounts;
}

/** Seals what has come into the log since the last time, in every tenant that has something new. */
export const createHandler = (deps: SealAllDeps) =>
  scheduleHandler({ name: "sealActivity", every: "minute", run: () => sealAll(deps) }, deps);

async function sealAll(deps: SealAllDeps): Promise<void> {
  let sealed = 0;
  let failures = 0;
  for await (const due of deps.backlog.backlog()) {
    try {
      sealed += await sealActivity(deps, due);
    } catch (cause) {
      // One tenant that cannot be sealed keeps no other waiting; the next run comes back to it.
      deps.log.failed({ consumer: "sealActivity", eventId: due.tenantId }, cause);
      failures += 1;
    }
  }
  deps.publishCounts({ SealedRecords: sealed, SealFailures: failures });
}

const journal = journalTable();

export const handler = createHandler({
  journal,
  positions: journal,
  backlog: journal,
  seals: sealTable(),
  signer: () => sealSigner(platformKeys),
  sha256: sha256Bytes,
  newId,
  leases: leaseTable(),
  now: systemNow,
  log: eventLog,
  publishCounts,
});
