import { useEffect, useState } from "preact/hooks";
import type { Activity } from "../documents.ts";
import { onLive } from "../live.ts";
import { may, type PageProps } from "../pages.tsx";
import { LoadedList, Page } from "../parts/page.tsx";
import { useList } from "../parts/use-load.ts";
import { linkTo, place } from "../router.ts";
import { useStore } from "../store.ts";
import { ActivityDetail } from "./activity-detail.tsx";
import { ExportActivity } from "./activity-export.tsx";
import { ActivityFilters, type Filters, filtersOf, isOf } from "./activity-filters.tsx";
import { ActivityTable } from "./activity-table.tsx";

/** Everything that was done, as it is done. */
export function ActivityPage({ me, path }: PageProps) {
  const { query } = useStore(place);
  const [activityId] = path;
  if (activityId !== undefined) return <ActivityDetail id={activityId} key={activityId} />;
  const filters = filtersOf(query);
  return (
    <Page
      title="Activity"
      intro={
        may(me, "activity:list")
          ? "Everything that was done in your organisation, the newest first."
          : "Everything that you did, the newest first."
      }
      actions={may(me, "activity:export") && <ExportActivity from={filters.from} to={filters.to} />}
    >
      <ActivityFilters filters={filters} key={query.toString()} />
      <Records filters={filters} />
    </Page>
  );
}

/** What is kept on the page of a busy log. */
const SHOWN_MAX = 500;

function Records({ filters }: { readonly filters: Filters }) {
  const records = useList<Activity>("/v1/activity", filters);
  const { change } = records;
  const [isHeld, setHeld] = useState(false);
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
  const key = JSON.stringify(filters);
  useEffect(() => {
    if (isHeld) return undefined;
    const wanted: Filters = JSON.parse(key);
    return onLive((message) => {
      if (message.type !== "activity" || !isOf(message.data, wanted)) return;
      const record = message.data;
      setArrived((before) => new Set([...before, record.id].slice(-50)));
      change((page) => ({ ...page, items: withRecord(page.items, record) }));
    });
  }, [isHeld, key, change]);
  return (
    <LoadedList of={records} what="the activity" empty={<Nothing filters={filters} />}>
      {(items) => (
        <>
          <p class="live-note">
            <span class="muted">
              {isHeld ? "Held: new records wait." : "New records come in by themselves."}
            </span>{" "}
            <button
              type="button"
              class="link"
              onClick={() => {
                // What was missed while holding is read with the rest.
                if (isHeld) records.reload();
                setHeld(!isHeld);
              }}
            >
              {isHeld ? "Go on" : "Hold"}
            </button>
          </p>
          <ActivityTable items={items} caption="Activity, newest first" arrived={arrived} />
        </>
      )}
    </LoadedList>
  );
}

/** Records come in about in order: a late one is put where its time is. A repeated one is not there twice. */
function withRecord(items: readonly Activity[], record: Activity): readonly Activity[] {
  if (items.some(({ id }) => id === record.id)) return items;
  const at = items.findIndex(({ id }) => id < record.id);
  return items.toSpliced(at === -1 ? items.length : at, 0, record).slice(0, SHOWN_MAX);
}

function Nothing({ filters }: { readonly filters: Filters }) {
  return Object.keys(filters).length === 0 ? (
    <>Nothing has been done yet.</>
  ) : (
    <>
      Nothing fits these filters. <a href={linkTo("/activity")}>Show everything</a>
    </>
  );
}
