import { type MeterCatalog, metersIn } from "./meter-catalog.ts";
import { type RollUpSeriesDeps, rollUpSeries } from "./roll-up-series.ts";
import { sideBySide } from "./side-by-side.ts";
import type { Series } from "./usage-event.ts";

/** What rolling up needs. */
export interface RollUpUsageDeps extends RollUpSeriesDeps {
  readonly catalog: MeterCatalog;
  /** Is told of a series that could not be rolled up; the others are all the same. */
  readonly onError: (series: Series, cause: unknown) => void;
}

/** Series that are rolled up at the same time. */
export const SERIES_AT_ONCE = 16;

/**
 * Rolls up whatever is due: of one tenant, or of all. Repeating it, also at the same time, changes nothing.
 * @returns how many series were open, and how many of them failed and stay so
 */
export async function rollUpUsage(
  deps: RollUpUsageDeps,
  { tenantId }: { readonly tenantId?: string | undefined } = {},
): Promise<{ readonly open: number; readonly failed: number }> {
  const meters = metersIn(await deps.catalog.definitions());
  const open = tenantId === undefined ? deps.openSeries.all() : await deps.openSeries.ofTenant(tenantId);
  const outcomes = await sideBySide(open, SERIES_AT_ONCE, async (series) => {
    try {
      await rollUpSeries(deps, { series, meters });
      return true;
    } catch (cause) {
      deps.onError(series, cause);
      return false;
    }
  });
  return { open: outcomes.length, failed: outcomes.filter((isDone) => !isDone).length };
}
