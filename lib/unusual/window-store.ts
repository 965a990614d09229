import type { EpochMs } from "../time.ts";
import type { Window } from "./window.ts";

/** A window as it is kept, with the last entry of the journal that has gone into it. */
export interface StoredWindow {
  readonly window: Window;
  readonly throughEntry: number;
}

/** A window with one more entry of the journal in it. */
export interface WindowChange {
  readonly key: string;
  readonly after: StoredWindow;
  /** The entry that it was at when it was read; `undefined` where there was no window. */
  readonly before: number | undefined;
  /** From then on, in our own time, it may be forgotten. */
  readonly keptUntilMs: EpochMs;
}

/** What rules remember, by the keys of `windowKeys`. */
export interface WindowStore {
  load(keys: readonly string[]): Promise<ReadonlyMap<string, StoredWindow>>;
  /** `false` when a window has moved since it was read; the others may be written all the same. */
  save(changes: readonly WindowChange[]): Promise<boolean>;
}
