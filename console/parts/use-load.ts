import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api.ts";
import type { Page } from "../documents.ts";
import { isUnreachable } from "../problem.ts";
import { reachable } from "../reachability.ts";

/** Something that is read for a page: what came, what went wrong, and whether it is being read. */
export interface Loading<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly busy: boolean;
  /** Reads it again; what is there stays until the new one comes. */
  reload(): void;
  /** Changes what is there, after a message or an answer that has the new state. */
  change(update: (data: T) => T): void;
}

interface Outcome<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly busy: boolean;
}

/** Reads something when the component appears, when `key` changes, and when the service is back after it was away. */
export function useLoad<T>(load: () => Promise<T>, key = ""): Loading<T> {
  const [outcome, setOutcome] = useState<Outcome<T>>({ data: undefined, error: undefined, busy: true });
  const turn = useRef(0);
  const latest = useRef(load);
  latest.current = load;
  const read = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    setOutcome((before) => ({ ...before, busy: true }));
    try {
      const data = await latest.current();
      if (mine === turn.current) setOutcome({ data, error: undefined, busy: false });
    } catch (error) {
      if (mine === turn.current) setOutcome((before) => ({ data: before.data, error, busy: false }));
    }
  }, []);
  useEffect(() => {
    setOutcome({ data: undefined, error: undefined, busy: true });
    void read();
    return () => {
      turn.current += 1;
    };
  }, [key, read]);
  const isAway = isUnreachable(outcome.error);
  useEffect(
    () => reachable.subscribe((isReachable) => (isReachable && isAway ? void read() : undefined)),
    [isAway, read],
  );
  const reload = useCallback(() => void read(), [read]);
  const change = useCallback((update: (data: T) => T) => {
    setOutcome((before) => (before.data === undefined ? before : { ...before, data: update(before.data) }));
  }, []);
  return { ...outcome, reload, change };
}

/** A list that is read page by page. */
export interface ListLoading<T> extends Loading<Page<T>> {
  /** Reads the next page and adds it; `undefined` at the end. */
  readonly more: (() => Promise<void>) | undefined;
}

/** Reads a list of the API; `query` is what it is asked for. */
export function useList<T>(
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): ListLoading<T> {
  const loading = useLoad(() => get<Page<T>>(path, { query }), `${path}?${JSON.stringify(query)}`);
  const cursor = loading.data?.nextCursor;
  const more = async () => {
    const next = await get<Page<T>>(path, { query: { ...query, cursor: cursor ?? undefined } });
    loading.change((before) => ({ items: [...before.items, ...next.items], nextCursor: next.nextCursor }));
  };
  return { ...loading, more: cursor === undefined || cursor === null ? undefined : more };
}
