import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

/** A window over the page: the rest is out of reach while it is open, Escape closes it, and the focus goes back after. */
export function Dialog(props: {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      class={props.wide === true ? "wide" : ""}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
    >
      <article>
        <header>
          <button type="button" class="close" aria-label="Close" onClick={props.close} />
          <h2 id={id}>{props.title}</h2>
        </header>
        {props.children}
      </article>
    </dialog>
  );
}
