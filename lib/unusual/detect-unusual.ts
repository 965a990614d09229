import type { ActivityRecord } from "../activity/activity.ts";
import type { Journal, JournalEntry, JournalPositions, RecordsById } from "../activity/journal.ts";
import { AppError, assertNever } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { Alert } from "./alert.ts";
import type { AlertRulesStore } from "./alert-rules.ts";
import { type Detection, type DetectOptions, detectInBatch, type Finding, windowKeys } from "./detect.ts";
import { type RaiseAlertDeps, raiseAlert } from "./raise-alert.ts";
import type { Location } from "./rule.ts";
import { isOwnWork } from "./signals.ts";
import type { Window } from "./window.ts";
import type { StoredWindow, WindowChange, WindowStore } from "./window-store.ts";

/** What a response is about: the session that the alert names, and when the thing was seen in it. */
export interface ResponseTo {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly alertId: string;
  readonly seenAtMs: EpochMs;
}

/** Carries responses out. Each changes nothing when it is done again, or comes too late. */
export interface Responses {
  /** Asks for a factor before the session goes on, unless one was verified after the thing was seen. */
  demandStepUp(to: ResponseTo): Promise<void>;
  revokeSession(to: ResponseTo): Promise<void>;
}

/** What looking for the unusual needs. */
export interface DetectUnusualDeps extends RaiseAlertDeps {
  readonly journal: Pick<Journal, "after">;
  readonly positions: JournalPositions;
  readonly records: RecordsById;
  readonly windows: WindowStore;
  readonly rules: Pick<AlertRulesStore, "get">;
  readonly responses: Responses;
  /** Where an address is. Without it only what records say of themselves is known. */
  readonly locate?: (ip: string) => Location | undefined;
  /** Told of a record that the rules cannot be shown: it is left out, and stops none of the others. */
  readonly onError: (recordId: string, cause: unknown) => void;
}

/** Others who work off the same entry at the same time. */
const ATTEMPTS = 10;
/** A history may be brought in more slowly than it happened. */
const WINDOW_MARGIN_MS = 86_400_000;

/**
 * Shows a tenant's rules what its journal has that they have not seen, entry by entry, raises the alerts and carries
 * out the responses. An entry counts once, wherever a run is killed and however many there are at once: alerts come
 * first and take a finding once, and each window says which entry it is at.
 * @param inHand - records that need not be read again, by their ids
 */
export async function detectUnusual(
  deps: DetectUnusualDeps,
  tenantId: string,
  inHand: ReadonlyMap<string, ActivityRecord>,
): Promise<void> {
  const seen = await deps.positions.get(tenantId, "rules");
  let through = seen;
  const { locate } = deps;
  const { settings } = await deps.rules.get(tenantId);
  const options = { settings, ...(locate === undefined ? {} : { locate }) };
  for await (const entry of deps.journal.after(tenantId, seen)) {
    const records = await recordsOf(deps, entry, inHand);
    if (records.length > 0) await showEntry(deps, { entry, records, options });
    through = entry.number;
  }
  if (through > seen) await deps.positions.advance({ tenantId, reader: "rules", to: through });
}

/** What the platform does by itself is none of the unusual: without this, alerts would be looked at in turn. */
async function recordsOf(
  { records }: Pick<DetectUnusualDeps, "records">,
  { tenantId, lines }: JournalEntry,
  inHand: ReadonlyMap<string, ActivityRecord>,
): Promise<readonly ActivityRecord[]> {
  const missing = lines.map(({ recordId }) => recordId).filter((id) => !inHand.has(id));
  const read = missing.length === 0 ? [] : await records.getMany(tenantId, missing);
  const byId = new Map([...inHand, ...read.map((record) => [record.id, record] as const)]);
  return lines.flatMap(({ recordId }) => byId.get(recordId) ?? []).filter((record) => !isOwnWork(record));
}

interface Showing {
  readonly entry: JournalEntry;
  readonly records: readonly ActivityRecord[];
  readonly options: DetectOptions;
}

async function showEntry(deps: DetectUnusualDeps, showing: Showing): Promise<void> {
  const { entry, records, options } = showing;
  const keys = new Set(records.flatMap((record) => windowKeys(record, options)));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await deps.windows.load([...keys]);
    const windows = new Map(Array.from(stored, ([key, { window }]) => [key, window] as const));
    const { changed, findings } = detectOrSkip(deps, windows, showing);
    await raise(deps, findings);
    const changes = [...changed].flatMap(([key, window]) =>
      changeOf(entry, { key, window }, stored.get(key)),
    );
    if (await deps.windows.save(changes)) return;
  }
  throw new AppError("unavailable", "The windows are being written by too many at once.");
}

/** One record that a rule fails on is left out, so that the tenant's others are looked at all the same. */
function detectOrSkip(
  { onError }: Pick<DetectUnusualDeps, "onError">,
  windows: ReadonlyMap<string, Window>,
  { records, options }: Showing,
): Detection {
  try {
    return detectInBatch(windows, records, options);
  } catch {
    const good = records.filter((record) => {
      try {
        detectInBatch(windows, [record], options);
        return true;
      } catch (cause) {
        onError(record.id, cause);
        return false;
      }
    });
    return detectInBatch(windows, good, options);
  }
}

/** A window that has the entry in it already was written by a run that did not come to its end. */
function changeOf(
  entry: JournalEntry,
  { key, window }: { readonly key: string; readonly window: Window },
  before: StoredWindow | undefined,
): readonly WindowChange[] {
  if (before !== undefined && before.throughEntry >= entry.number) return [];
  const newestAtMs = Math.max(...window.observations.map(({ lastAtMs }) => lastAtMs));
  return [
    {
      key,
      after: { window, throughEntry: entry.number },
      before: before?.throughEntry,
      keptUntilMs: entry.boundMs + Math.max(0, window.expiresAtMs - newestAtMs) + WINDOW_MARGIN_MS,
    },
  ];
}

async function raise(deps: DetectUnusualDeps, findings: readonly Finding[]): Promise<void> {
  const byGroup = Map.groupBy(findings, ({ group }) => group);
  await Promise.all(
    Array.from(byGroup.values(), async (ofGroup) => {
      const alerts = await raiseAlert(deps, ofGroup);
      // One response for each session: the last finding has seen what the others saw.
      const places = new Map(ofGroup.map(({ sessionId }, place) => [sessionId, place]));
      for (const place of places.values()) await respond(deps, ofGroup[place], alerts[place]);
    }),
  );
}

async function respond(
  { responses }: Pick<DetectUnusualDeps, "responses">,
  finding: Finding | undefined,
  alert: Alert | undefined,
): Promise<void> {
  if (finding?.sessionId === undefined || alert === undefined) return;
  const { response, tenantId, sessionId, timeMs } = finding;
  const to = { tenantId, sessionId, alertId: alert.id, seenAtMs: timeMs };
  switch (response) {
    case "alert":
      return;
    case "step_up":
      return await responses.demandStepUp(to);
    case "revoke_session":
      return await responses.revokeSession(to);
    default:
      assertNever(response);
  }
}
