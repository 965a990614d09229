import { useState } from "preact/hooks";
import { remove } from "../api.ts";
import type { Me } from "../documents.ts";
import { may, type PageProps } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { LoadedList, Section } from "../parts/page.tsx";
import { useList } from "../parts/use-load.ts";
import { type Role, statementWords } from "../roles.ts";
import { RoleEditor } from "./role-editor.tsx";

/** What may be done under which name: the built-in roles, and the tenant's own. */
export function Roles({ me }: PageProps) {
  const roles = useList<Role>("/v1/roles");
  const [edited, setEdited] = useState<Role | "new">();
  const close = () => setEdited(undefined);
  return (
    <Section
      title="Roles"
      intro="Without a statement that allows it, an action is denied; any denial wins."
      actions={
        may(me, "role:create") && (
          <button type="button" onClick={() => setEdited("new")}>
            Make a role
          </button>
        )
      }
    >
      <LoadedList of={roles} what="the roles" empty="There are none.">
        {(items) =>
          items.map((role) => (
            <RoleCard
              key={role.name}
              role={role}
              me={me}
              edit={() => setEdited(role)}
              reload={roles.reload}
            />
          ))
        }
      </LoadedList>
      {edited !== undefined && (
        <RoleEditor role={edited === "new" ? undefined : edited} close={close} saved={roles.reload} />
      )}
    </Section>
  );
}

function RoleCard(props: {
  readonly role: Role;
  readonly me: Me;
  readonly edit: () => void;
  readonly reload: () => void;
}) {
  const { role, me, edit, reload } = props;
  return (
    <details class="card">
      <summary>
        <strong>{role.name}</strong> {role.builtIn && <Badge word="built in" />}{" "}
        <span class="muted">{role.description}</span>
      </summary>
      {role.statements.length === 0 ? (
        <p class="muted">It allows nothing by itself.</p>
      ) : (
        <ul>
          {role.statements.map((statement) => (
            <li key={statementWords(statement)}>
              <code>{statementWords(statement)}</code>
            </li>
          ))}
        </ul>
      )}
      <div class="actions">
        <button type="button" class="secondary outline" onClick={edit}>
          {role.builtIn ? "Try it in the simulator" : "Edit and try"}
        </button>
        {!role.builtIn && may(me, "role:delete") && (
          <ActionButton
            kind="danger"
            confirm={`The role ${role.name} is deleted. It must not be in use.`}
            run={async () => {
              await remove(`/v1/roles/${encodeURIComponent(role.name)}`);
              reload();
            }}
          >
            Delete
          </ActionButton>
        )}
      </div>
    </details>
  );
}
