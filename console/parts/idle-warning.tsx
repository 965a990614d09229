import { useEffect, useRef, useState } from "preact/hooks";
import type { Session } from "../documents.ts";
import { formatLength } from "../format.ts";
import { idleLeftMs, lastActiveMs, warningMs } from "../idle.ts";
import { leave, readMe } from "../session.ts";
import { ActionButton } from "./action-button.tsx";
import { Dialog } from "./dialog.tsx";
import { useNow } from "./use-now.ts";

/** Asks before the session goes idle, and leaves when it has. */
export function IdleWarning({ session }: { readonly session: Session }) {
  const nowMs = useNow();
  const leftMs = idleLeftMs(session, nowMs);
  const isClose = leftMs <= warningMs(session);
  const typedAtMs = useTyping();
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (!isClose) {
      setAsking(false);
    } else if (typedAtMs.current > lastActiveMs.get()) {
      // Somebody is filling something in: they are here, and need not be asked.
      typedAtMs.current = 0;
      void readMe().catch(() => setAsking(true));
    } else {
      setAsking(true);
    }
  }, [isClose, typedAtMs]);
  useEffect(() => {
    if (leftMs <= 0) leave("idle_expired");
  }, [leftMs <= 0]);
  if (!isAsking || leftMs <= 0) return null;
  const stay = () => readMe();
  return (
    <Dialog title="Are you still there?" close={() => void stay()}>
      <p>
        Nothing was done for a while. Your session ends in <strong>{formatLength(leftMs)}</strong>.
      </p>
      <footer class="actions">
        <ActionButton kind="main" run={stay}>
          Stay signed in
        </ActionButton>
      </footer>
    </Dialog>
  );
}

/** When something was last typed or pointed at, without drawing anything anew. */
function useTyping() {
  const typedAtMs = useRef(0);
  useEffect(() => {
    const note = () => {
      typedAtMs.current = Date.now();
    };
    addEventListener("keydown", note, { passive: true });
    addEventListener("pointerdown", note, { passive: true });
    return () => {
      removeEventListener("keydown", note);
      removeEventListener("pointerdown", note);
    };
  }, []);
  return typedAtMs;
}
