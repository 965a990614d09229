import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { explain } from "../problem.ts";
import { ActionButton } from "./action-button.tsx";
import type { ListLoading, Loading } from "./use-load.ts";

/** A page's frame. Its heading takes the focus when the page appears, so that a screen reader begins there. */
export function Page(props: {
  readonly title: string;
  readonly intro?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} – Active Session`;
    heading.current?.focus({ preventScroll: true });
  }, [props.title]);
  return (
    <>
      <header class="page-header">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {props.title}
          </h1>
          {props.intro !== undefined && <p>{props.intro}</p>}
        </div>
        {props.actions !== undefined && <div class="actions">{props.actions}</div>}
      </header>
      {props.children}
    </>
  );
}

/** A part of a page under its own heading. */
export function Section(props: {
  readonly title: string;
  readonly intro?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  return (
    <section class="section">
      <header class="section-header">
        <h2>{props.title}</h2>
        {props.actions !== undefined && <div class="actions">{props.actions}</div>}
      </header>
      {props.intro !== undefined && <p class="muted">{props.intro}</p>}
      {props.children}
    </section>
  );
}

/** What was read, or what there is to say instead: that it is on its way, that it failed and what to do. */
export function Loaded<T>(props: {
  readonly of: Loading<T>;
  readonly what: string;
  readonly children: (data: T) => ComponentChildren;
}) {
  const { data, error, busy, reload } = props.of;
  return (
    <>
      {error !== undefined && <Failure error={error} what={props.what} retry={reload} />}
      {data !== undefined && props.children(data)}
      {data === undefined && busy && <p aria-busy="true">Loading {props.what}</p>}
    </>
  );
}

/** A list, with what to say where it is empty and a way to its next page. */
export function LoadedList<T>(props: {
  readonly of: ListLoading<T>;
  readonly what: string;
  readonly empty: ComponentChildren;
  readonly children: (items: readonly T[]) => ComponentChildren;
}) {
  const { more } = props.of;
  return (
    <Loaded of={props.of} what={props.what}>
      {({ items }) => (
        <>
          {items.length === 0 ? <Empty>{props.empty}</Empty> : props.children(items)}
          {more !== undefined && (
            <p class="more">
              <ActionButton kind="quiet" run={more}>
                Show more
              </ActionButton>
            </p>
          )}
        </>
      )}
    </Loaded>
  );
}

/** Says that there is nothing, and what to do about it. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

/** Says what failed, and offers to try again. */
function Failure(props: { readonly error: unknown; readonly what: string; readonly retry?: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>Could not load {props.what}.</strong> {explain(props.error)}
      </p>
      {props.retry !== undefined && (
        <button type="button" class="secondary outline" onClick={props.retry}>
          Try again
        </button>
      )}
    </div>
  );
}
