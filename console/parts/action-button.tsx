import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { say } from "../notices.ts";
import { explain } from "../problem.ts";
import { confirmed } from "./confirm.tsx";

/** How an action looks: the main one of its place, an ordinary one, one beside a row, or one that takes something away. */
export type ActionKind = "main" | "plain" | "quiet" | "danger";

const CLASSES: Readonly<Record<ActionKind, string>> = {
  main: "",
  plain: "secondary outline",
  quiet: "quiet",
  danger: "quiet danger",
};

/** A button for something that takes a moment and can fail; `confirm` is asked before. */
export function ActionButton(props: {
  readonly children: ComponentChildren;
  readonly run: () => Promise<unknown>;
  readonly kind?: ActionKind;
  readonly confirm?: string;
  /** What is said once it is done. */
  readonly done?: string;
  /** Its whole name, where the words on it need their row. */
  readonly label?: string;
  readonly disabled?: boolean;
}) {
  const [busy, setBusy] = useState(false);
  const act = async () => {
    if (props.confirm !== undefined && !(await confirmed(props.confirm, String(props.children)))) return;
    setBusy(true);
    try {
      await props.run();
      if (props.done !== undefined) say(props.done);
    } catch (error) {
      say(explain(error), "bad");
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      class={CLASSES[props.kind ?? "plain"]}
      aria-label={props.label}
      aria-busy={busy}
      disabled={busy || props.disabled === true}
      onClick={() => void act()}
    >
      {props.children}
    </button>
  );
}
