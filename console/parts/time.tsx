import { formatAway, formatLength, formatTime } from "../format.ts";
import { useNow } from "./use-now.ts";

/** A moment: how far away it is, and exactly when as its title. */
export function Ago({ at }: { readonly at: string }) {
  const nowMs = useNow(5000);
  return (
    <time dateTime={at} title={formatTime(at)}>
      {formatAway(at, nowMs)}
    </time>
  );
}

/** A moment as a date and a time of day. */
export function At({ at }: { readonly at: string | undefined }) {
  return at === undefined ? <>–</> : <time dateTime={at}>{formatTime(at)}</time>;
}

/** How long there is until a moment, counting down. */
export function Left({ until }: { readonly until: string }) {
  const nowMs = useNow();
  return (
    <time dateTime={until} title={formatTime(until)}>
      {formatLength(Date.parse(until) - nowMs)}
    </time>
  );
}
