import { useState } from "preact/hooks";
import { post, put } from "../api.ts";
import { say } from "../notices.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Form, TextField } from "../parts/form.tsx";
import type { Role, Statement } from "../roles.ts";
import { RoleSimulator } from "./role-simulator.tsx";
import { type Draft, draftOf, EMPTY_DRAFT, StatementFields, statementOf } from "./role-statement.tsx";

/** Writes a role, and tries it out before anybody has it. A built-in one can only be tried. */
export function RoleEditor(props: {
  readonly role: Role | undefined;
  readonly close: () => void;
  readonly saved: () => void;
}) {
  const { role, close, saved } = props;
  const isBuiltIn = role?.builtIn === true;
  const [drafts, setDrafts] = useState<readonly Draft[]>(role?.statements.map(draftOf) ?? [EMPTY_DRAFT]);
  const save = async (name: string, description: string) => {
    const body = { description, statements: drafts.map(statementOf) };
    if (role === undefined) await post("/v1/roles", { name, ...body });
    else await put(`/v1/roles/${encodeURIComponent(role.name)}`, body);
    say(`The role ${name} holds from the next request on.`);
    close();
    saved();
  };
  return (
    <Dialog title={role === undefined ? "Make a role" : role.name} close={close} wide>
      <Form
        label={isBuiltIn ? "Close" : "Save the role"}
        cancel={close}
        send={async (filled) =>
          isBuiltIn ? close() : await save(role?.name ?? filled.text("name"), filled.text("description"))
        }
      >
        {role === undefined && <TextField label="Name" name="name" required autofocus />}
        {!isBuiltIn && <TextField label="Description" name="description" value={role?.description ?? ""} />}
        {drafts.map((draft, index) => (
          <StatementFields
            key={draft.key}
            draft={draft}
            number={index + 1}
            change={(next) => setDrafts(drafts.with(index, next))}
            remove={() => setDrafts(drafts.toSpliced(index, 1))}
          />
        ))}
        <p>
          <button
            type="button"
            class="secondary outline"
            onClick={() => setDrafts([...drafts, { ...EMPTY_DRAFT, key: crypto.randomUUID() }])}
          >
            Add a statement
          </button>
        </p>
      </Form>
      <RoleSimulator statements={() => drafts.map(statementOf) satisfies readonly Statement[]} />
    </Dialog>
  );
}
