import { createStore } from "./store.ts";

/** A sentence that is shown for a while and read out by screen readers. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: "good" | "bad";
}

export const notices = createStore<readonly Notice[]>([]);

const SHOWN_MS = 8000;
let last = 0;

/** Tells that something was done, or that it failed. */
export function say(text: string, tone: Notice["tone"] = "good"): void {
  last += 1;
  const notice = { id: last, text, tone };
  notices.set([...notices.get().slice(-2), notice]);
  setTimeout(() => dismiss(notice.id), SHOWN_MS);
}

/** Takes a notice away. */
export function dismiss(id: number): void {
  notices.set(notices.get().filter((notice) => notice.id !== id));
}
