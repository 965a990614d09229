import { type ComponentChildren, h } from "preact";
import { useId, useState } from "preact/hooks";
import { explain } from "../problem.ts";

/** What was filled in. */
export interface Filled {
  /** The text of a field, without spaces around it. */
  text(name: string): string;
  /** The text of a field as it was typed: passwords. */
  exact(name: string): string;
  /** The same as text, and `undefined` where nothing was filled in. */
  optional(name: string): string | undefined;
  /** The same as text, without the spaces in it: apps show codes in groups, and they are typed that way too. */
  compact(name: string): string;
  /** All that was chosen under a name. */
  all(name: string): readonly string[];
  checked(name: string): boolean;
}

/** A form that sends itself by script: it says what was refused, and cannot be sent twice at once. */
export function Form(props: {
  readonly send: (filled: Filled) => Promise<unknown>;
  readonly label: string;
  readonly children: ComponentChildren;
  readonly cancel?: () => void;
  /** Says what the form is for where no heading does. */
  readonly name?: string;
}) {
  const [error, setError] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const submit = async (form: HTMLFormElement) => {
    setBusy(true);
    setError(undefined);
    try {
      await props.send(filledIn(new FormData(form)));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      aria-label={props.name}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit(event.currentTarget);
      }}
    >
      {props.children}
      {error !== undefined && (
        <p class="form-error" role="alert">
          {explain(error)}
        </p>
      )}
      <footer class="actions">
        {props.cancel !== undefined && (
          <button type="button" class="secondary outline" onClick={props.cancel}>
            Cancel
          </button>
        )}
        <button type="submit" aria-busy={busy}>
          {props.label}
        </button>
      </footer>
    </form>
  );
}

function filledIn(data: FormData): Filled {
  const exact = (name: string) => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
  const text = (name: string) => exact(name).trim();
  return {
    exact,
    text,
    optional: (name) => text(name) || undefined,
    compact: (name) => text(name).replaceAll(/\s/g, ""),
    all: (name) => data.getAll(name).filter((value) => typeof value === "string"),
    checked: (name) => data.has(name),
  };
}

/** A field for one line of text. Attributes beyond its label are those of the element. */
export function TextField(props: {
  readonly label: string;
  readonly name: string;
  readonly type?: "text" | "email" | "password" | "number" | "tel" | "date" | "url";
  readonly value?: string;
  readonly hint?: string;
  readonly autocomplete?: string;
  readonly inputMode?: "numeric" | "decimal";
  readonly required?: boolean;
  readonly autofocus?: boolean;
  readonly placeholder?: string;
  readonly step?: string;
  readonly min?: string;
  readonly pattern?: string;
}) {
  const id = useId();
  const { label, hint, value, autofocus, autocomplete, ...attributes } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {h("input", {
        id,
        ...attributes,
        "aria-describedby": hint === undefined ? undefined : `${id}-hint`,
        defaultValue: value,
        autocomplete: autocomplete ?? "off",
        ref: autofocus === true ? focusOnce : null,
      })}
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

/** The field `code`; a phone shows digits for it and offers a code that has just come. */
export function CodeField() {
  return (
    <TextField label="Code" name="code" inputMode="numeric" autocomplete="one-time-code" required autofocus />
  );
}

function focusOnce(element: HTMLInputElement | null): void {
  element?.focus();
}

/** A choice of one; each option is its value, or a value with what is shown. */
export function SelectField(props: {
  readonly label: string;
  readonly name: string;
  readonly options: ReadonlyArray<string | readonly [value: string, shown: string]>;
  readonly value?: string;
  readonly onChange?: (value: string) => void;
}) {
  const id = useId();
  const { onChange } = props;
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} name={props.name} onChange={(event) => onChange?.(event.currentTarget.value)}>
        {props.options.map((option) => {
          const [value, shown] = typeof option === "string" ? [option, option] : option;
          return (
            <option key={value} value={value} selected={value === props.value}>
              {shown}
            </option>
          );
        })}
      </select>
    </div>
  );
}

/** Text of several lines. */
export function AreaField(props: {
  readonly label: string;
  readonly name: string;
  readonly value?: string;
  readonly rows?: number;
  readonly hint?: string;
  readonly required?: boolean;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <textarea
        id={id}
        name={props.name}
        rows={props.rows ?? 4}
        required={props.required}
        spellcheck={false}
        aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
        defaultValue={props.value}
      />
      {props.hint !== undefined && <small id={`${id}-hint`}>{props.hint}</small>}
    </div>
  );
}

/** Something to be switched on. */
export function CheckField(props: {
  readonly label: string;
  readonly name: string;
  readonly value?: string;
  readonly checked?: boolean;
}) {
  const id = useId();
  return (
    <div class="check">
      <input
        id={id}
        type="checkbox"
        name={props.name}
        value={props.value ?? "on"}
        defaultChecked={props.checked}
      />
      <label for={id}>{props.label}</label>
    </div>
  );
}
