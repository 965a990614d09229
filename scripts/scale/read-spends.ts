import type { ActivityRecord } from "../../lib/activity/activity.ts";
import { activityRecord } from "../../lib/aws/activity-item.ts";
import { sessionOf } from "../../lib/aws/session-item.ts";
import { usageEventOf } from "../../lib/aws/usage-event-item.ts";
import type { Session } from "../../lib/session/session.ts";
import type { UsageEvent } from "../../lib/usage/usage-event.ts";
import type { SpentUnits } from "../bench/record-units.ts";
import type { TableKey } from "../local/tables.ts";
import type { Action, Counted, Spend } from "./action.ts";
import { COLLECTIONS, type Collection, type Subject, sharedCollection } from "./collections.ts";

/** An action as it was counted: each key that it reached, found again among the collections that key functions make. */
export function actionOf(
  counted: { readonly name: string; readonly tripsInARow: number; readonly spent: readonly SpentUnits[] },
  of: Counted,
): Action {
  const { name, tripsInARow, spent } = counted;
  const records = recordsOf(spent);
  const subjects = subjectsOf(of, { records, events: eventsOf(spent) });
  const spends = new Map<string, Spend>();
  for (const units of spent) {
    const { collection, record } = placeOf(units, { name, subjects });
    const key = `${collection.table} ${collection.name} ${record ?? ""}`;
    const before = spends.get(key) ?? { collection, readUnits: 0, writeUnits: 0 };
    spends.set(key, {
      ...before,
      ...(record === undefined ? {} : { record }),
      readUnits: before.readUnits + units.readUnits,
      writeUnits: before.writeUnits + units.writeUnits,
    });
  }
  const asked = [...spends.values()].filter(({ readUnits, writeUnits }) => readUnits + writeUnits > 0);
  return { name, tripsInARow, spends: asked, records, of };
}

/** The records among the rows that were put, each once. */
export function recordsOf(spent: readonly SpentUnits[]): readonly ActivityRecord[] {
  const rows = spent.flatMap(({ row }) => (row?.["record"]?.S === undefined ? [] : [activityRecord(row)]));
  return [...new Map(rows.map((record) => [record.id, record])).values()];
}

/** The session among the rows that were put. @throws Error where there is none */
export function sessionIn(spent: readonly SpentUnits[]): Session {
  const row = spent.find(({ sort, row }) => sort === "session" && row !== undefined)?.row;
  if (row === undefined) throw new Error("No session was begun.");
  return sessionOf(row);
}

function eventsOf(spent: readonly SpentUnits[]): readonly UsageEvent[] {
  return spent.flatMap(({ row }) => (row?.["usageKey"] === undefined ? [] : [usageEventOf(row)]));
}

interface Place extends Subject {
  readonly ordinal?: number;
}

function subjectsOf(
  { session, email, resourceId }: Counted,
  {
    records,
    events,
  }: { readonly records: readonly ActivityRecord[]; readonly events: readonly UsageEvent[] },
): readonly Place[] {
  const { tenantId, userId, ip } = session;
  const subject = { tenantId, userId, email, ip, session, resourceId };
  const meters = ["cpu", "memory", "storage"];
  const series = meters.map((meter) => usageEvent(tenantId, resourceId, meter));
  return [
    ...records.map((record, ordinal) => ({ ...subject, record, ordinal })),
    ...[...events, ...series].map((event) => ({ ...subject, event })),
  ];
}

function usageEvent(tenantId: string, resourceId: string, meter: string): UsageEvent {
  return { tenantId, resourceId, meter, source: "", id: "", kind: "gauge", atMs: 0, value: 0n };
}

function placeOf(
  { table, index, key, sort }: SpentUnits,
  { name, subjects }: { readonly name: string; readonly subjects: readonly Place[] },
): { readonly collection: Collection; readonly record?: number } {
  const tableKey = table.slice(table.lastIndexOf("-") + 1) as TableKey;
  const candidates = COLLECTIONS.filter((one) => one.table === tableKey && one.index === index);
  for (const collection of candidates) {
    const subject = subjects.find(
      (one) =>
        collection.keyOf(one) === key &&
        (sort === undefined || collection.sortOf === undefined || collection.sortOf(one) === sort),
    );
    if (subject === undefined) continue;
    const isOfRecord = tableKey === "activity" && subject.ordinal !== undefined;
    return { collection, ...(isOfRecord ? { record: subject.ordinal } : {}) };
  }
  const names = subjects.flatMap(({ session, resourceId }) => [
    session.tenantId,
    session.sessionId,
    resourceId,
  ]);
  if (!names.some((id) => key.includes(id))) return { collection: sharedCollection(tableKey, key) };
  throw new Error(`${name} reaches ${tableKey} ${index ?? ""} ${key} ${sort ?? ""}, which no collection is.`);
}
