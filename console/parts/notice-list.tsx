import { dismiss, notices } from "../notices.ts";
import { useStore } from "../store.ts";

/** What was said last; read out by screen readers as it comes. */
export function NoticeList() {
  const shown = useStore(notices);
  return (
    <div class="notices" role="status" aria-live="polite">
      {shown.map(({ id, text, tone }) => (
        <div key={id} class={`notice ${tone}`}>
          <span>{text}</span>
          <button type="button" class="close" aria-label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
