import type { EpochMs } from "../time.ts";
import { type MeterCatalog, metersIn } from "./meter-catalog.ts";
import { sideBySide } from "./side-by-side.ts";
import type { Attachment } from "./usage.ts";
import { hourOf } from "./usage-event.ts";
import type { OpenSeriesStore, UsageHistory } from "./usage-store.ts";

/** What announcing attachments needs. */
export interface AnnounceAttachmentsDeps {
  readonly openSeries: Pick<OpenSeriesStore, "touch">;
  readonly history: Pick<UsageHistory, "events">;
  readonly catalog: MeterCatalog;
  readonly now: () => EpochMs;
}

/** Series that are looked at at the same time. */
const SERIES_AT_ONCE = 16;

/**
 * Says, before attachments of the past are written, which gauges they are about to change: those that have readings.
 * What a resource is attached to now needs no saying, since a gauge above 0 is open anyway.
 */
export async function announceAttachments(
  deps: AnnounceAttachmentsDeps,
  { tenantId, attachments }: { readonly tenantId: string; readonly attachments: readonly Attachment[] },
): Promise<void> {
  const nowMs = deps.now();
  const period = { startAtMs: nowMs, endAtMs: nowMs };
  const meters = metersIn(await deps.catalog.definitions());
  const gauges = [...meters].filter(([, aggregation]) => aggregation === "gauge").map(([meter]) => meter);
  const touches = [...Map.groupBy(attachments, (one) => one.resourceId)].flatMap(([resourceId, held]) => {
    const hourMs = hourOf(held.reduce((first, one) => Math.min(first, one.fromAtMs), nowMs));
    return gauges.map((meter) => ({ tenantId, resourceId, meter, hourMs }));
  });
  await sideBySide(touches, SERIES_AT_ONCE, async (touch) => {
    // An empty period has but the last reading before it.
    const [last] = await deps.history.events(touch, { kind: "gauge", period });
    if (last !== undefined) await deps.openSeries.touch([touch], nowMs);
  });
}
