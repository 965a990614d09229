import { createStore } from "./store.ts";

/** Whether the service answers. While it does not, the console looks for it by itself. */
export const reachable = createStore(true);

const RETRY_MS = 3000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Takes note of how the last request went. */
export function setReachable(isReachable: boolean): void {
  if (isReachable !== reachable.get()) reachable.set(isReachable);
  if (!isReachable) look();
}

addEventListener("offline", () => setReachable(false));
addEventListener("online", () => look(0));

function look(afterMs = RETRY_MS): void {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    try {
      await fetch("/health");
      setReachable(true);
    } catch {
      setReachable(false);
    }
  }, afterMs);
}
