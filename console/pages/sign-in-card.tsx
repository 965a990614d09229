import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

/** The card in the middle that all of it is shown in. */
export function SignInCard(props: { readonly title: string; readonly children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${props.title} – Active Session`;
  }, [props.title]);
  return (
    <main class="sign-in">
      <p class="brand">
        <img src="/console/icon.svg" alt="" width="28" height="28" /> Active Session
      </p>
      <article>
        <h1>{props.title}</h1>
        {props.children}
      </article>
      <p class="muted">
        <a href="/docs">API reference</a>
      </p>
    </main>
  );
}
