import type { TargetedInputEvent } from "preact";
import { useId } from "preact/hooks";
import type { Statement } from "../roles.ts";
import { jsonOf, listOf } from "../typed.ts";

/** A statement as it is being written. */
export interface Draft {
  /** Tells it from the others while they move. */
  readonly key: string;
  readonly effect: "allow" | "deny";
  readonly actions: string;
  readonly resources: string;
  readonly condition: string;
}

export const EMPTY_DRAFT: Draft = {
  key: "first",
  effect: "allow",
  actions: "",
  resources: "*",
  condition: "",
};

/** A statement made ready for writing on. */
export function draftOf({ effect, actions, resources, condition }: Statement): Draft {
  return {
    key: crypto.randomUUID(),
    effect,
    actions: actions.join("\n"),
    resources: resources.join("\n"),
    condition: condition === undefined ? "" : JSON.stringify(condition),
  };
}

/** The statement that was written. @throws Error for a condition that is no JSON */
export function statementOf({ effect, actions, resources, condition }: Draft): Statement {
  const base = { effect, actions: listOf(actions), resources: listOf(resources) };
  if (condition.trim() === "") return base;
  return { ...base, condition: jsonOf(condition, `The condition ${condition} is not JSON.`) };
}

/** The fields of one statement. */
export function StatementFields(props: {
  readonly draft: Draft;
  readonly number: number;
  readonly change: (draft: Draft) => void;
  readonly remove: () => void;
}) {
  const { draft, number, change } = props;
  const id = useId();
  const set =
    (name: "actions" | "resources" | "condition") => (event: TargetedInputEvent<HTMLTextAreaElement>) =>
      change({ ...draft, [name]: event.currentTarget.value });
  return (
    <fieldset class="card">
      <legend>Statement {number}</legend>
      <div class="columns">
        <div class="field">
          <label for={`${id}-effect`}>Effect</label>
          <select
            id={`${id}-effect`}
            onChange={(event) =>
              change({ ...draft, effect: event.currentTarget.value === "deny" ? "deny" : "allow" })
            }
          >
            <option selected={draft.effect === "allow"}>allow</option>
            <option selected={draft.effect === "deny"}>deny</option>
          </select>
        </div>
        <div class="field">
          <label for={`${id}-actions`}>Actions, one a line</label>
          <textarea
            id={`${id}-actions`}
            rows={3}
            value={draft.actions}
            placeholder="volume:*"
            required
            onInput={set("actions")}
          />
        </div>
        <div class="field">
          <label for={`${id}-resources`}>On, one a line</label>
          <textarea
            id={`${id}-resources`}
            rows={3}
            value={draft.resources}
            placeholder="volume/*"
            required
            onInput={set("resources")}
          />
        </div>
        <div class="field">
          <label for={`${id}-condition`}>Condition, as JSON</label>
          <textarea
            id={`${id}-condition`}
            rows={3}
            value={draft.condition}
            placeholder={'{"owner":true}'}
            onInput={set("condition")}
          />
        </div>
      </div>
      <button type="button" class="quiet danger" onClick={props.remove}>
        Remove the statement
      </button>
    </fieldset>
  );
}
