import { useEffect, useState } from "preact/hooks";

/** The present moment in epoch milliseconds, anew each `everyMs`. */
export function useNow(everyMs = 1000): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
