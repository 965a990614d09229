import { useState } from "preact/hooks";
import { get, patch, post, remove } from "../api.ts";
import type { Page as ListPage, Me, User } from "../documents.ts";
import { say } from "../notices.ts";
import { may, type PageProps } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { CheckField, type Filled, Form, TextField } from "../parts/form.tsx";
import { Loaded, LoadedList, Section } from "../parts/page.tsx";
import { type ListLoading, useList, useLoad } from "../parts/use-load.ts";

/** The tenant's people: inviting them, what they may do, and taking it away. */
export function Users({ me }: PageProps) {
  const users = useList<User>("/v1/users");
  const [edited, setEdited] = useState<User | "new">();
  const close = () => setEdited(undefined);
  return (
    <Section
      title="Users"
      actions={
        may(me, "user:create") && (
          <button type="button" onClick={() => setEdited("new")}>
            Invite
          </button>
        )
      }
    >
      <LoadedList of={users} what="the users" empty="There is nobody yet.">
        {(items) => <UserTable items={items} me={me} users={users} edit={setEdited} />}
      </LoadedList>
      {edited === "new" && <Invitation close={close} done={users.reload} />}
      {edited !== undefined && edited !== "new" && (
        <EditUser user={edited} close={close} done={users.reload} />
      )}
    </Section>
  );
}

function UserTable(props: {
  readonly items: readonly User[];
  readonly me: Me;
  readonly users: ListLoading<User>;
  readonly edit: (user: User) => void;
}) {
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Users, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Email</th>
            <th scope="col">Name</th>
            <th scope="col">Roles</th>
            <th scope="col">Factors</th>
            <th scope="col">State</th>
            <th scope="col" class="row-action">
              Action
            </th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((user) => (
            <UserRow key={user.id} {...props} user={user} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UserRow(props: {
  readonly user: User;
  readonly me: Me;
  readonly users: ListLoading<User>;
  readonly edit: (user: User) => void;
}) {
  const { user, me, users, edit } = props;
  const { id, email, name, roles, factorTypes, disabled, status } = user;
  return (
    <tr>
      <td data-label="Email">{email}</td>
      <td data-label="Name">{name}</td>
      <td data-label="Roles">{roles.join(", ")}</td>
      <td data-label="Factors">{factorTypes.join(", ") || "none"}</td>
      <td data-label="State">
        <Badge word={disabled ? "disabled" : status} />
      </td>
      <td data-label="Action" class="row-action">
        {may(me, "user:update") && (
          <button type="button" class="quiet" aria-label={`Edit ${email}`} onClick={() => edit(user)}>
            Edit
          </button>
        )}
        {status === "invited" && may(me, "user:update") && (
          <ActionButton
            kind="quiet"
            label={`Invite again ${email}`}
            done="A new letter is on its way."
            run={() => post(`/v1/users/${id}/invitation`)}
          >
            Invite again
          </ActionButton>
        )}
        {may(me, "session:revoke") && (
          <ActionButton
            kind="danger"
            label={`End sessions of ${email}`}
            confirm={`${email} is signed out everywhere at once.`}
            done="The sessions have ended."
            run={() => post("/v1/sessions/revoke", { userId: id })}
          >
            End sessions
          </ActionButton>
        )}
        {may(me, "user:delete") && (
          <ActionButton
            kind="danger"
            label={`Remove ${email}`}
            confirm={`${email} is removed, with factors and sessions. What they did stays on record.`}
            run={async () => {
              await remove(`/v1/users/${id}`);
              users.reload();
            }}
          >
            Remove
          </ActionButton>
        )}
      </td>
    </tr>
  );
}

function Invitation(props: { readonly close: () => void; readonly done: () => void }) {
  const send = async (filled: Filled) => {
    const name = filled.optional("name");
    const password = filled.exact("password");
    const body = {
      email: filled.text("email"),
      ...(name === undefined ? {} : { name }),
      ...(password === "" ? {} : { password }),
      roles: filled.all("roles"),
    };
    await post("/v1/users", body);
    say(password === "" ? "The invitation is on its way." : "The user can sign in.");
    props.close();
    props.done();
  };
  return (
    <Dialog title="Invite somebody" close={props.close}>
      <Form label="Invite" cancel={props.close} send={send}>
        <TextField label="Email" name="email" type="email" required autofocus />
        <TextField label="Name" name="name" />
        <RoleChoice chosen={["member"]} />
        <TextField
          label="Password"
          name="password"
          type="password"
          autocomplete="new-password"
          hint="Left empty, a letter invites them to choose one."
        />
      </Form>
    </Dialog>
  );
}

function EditUser(props: { readonly user: User; readonly close: () => void; readonly done: () => void }) {
  const { user, close, done } = props;
  const send = async (filled: Filled) => {
    await patch<User>(`/v1/users/${user.id}`, {
      name: filled.text("name"),
      roles: filled.all("roles"),
      disabled: filled.checked("disabled"),
    });
    say("What changed holds from their next request on.");
    close();
    done();
  };
  return (
    <Dialog title={user.email} close={close}>
      <Form label="Save" cancel={close} send={send}>
        <TextField label="Name" name="name" value={user.name} required />
        <RoleChoice chosen={user.roles} />
        <CheckField
          label="Disabled: cannot sign in, and is signed out"
          name="disabled"
          checked={user.disabled}
        />
      </Form>
    </Dialog>
  );
}

/** Which roles somebody has, of all that there are. */
export function RoleChoice({ chosen }: { readonly chosen: readonly string[] }) {
  const roles = useLoad(() =>
    get<ListPage<{ name: string; description: string }>>("/v1/roles", { query: { limit: 200 } }),
  );
  return (
    <fieldset>
      <legend>Roles</legend>
      <Loaded of={roles} what="the roles">
        {({ items }) =>
          items.map(({ name, description }) => (
            <CheckField
              key={name}
              label={description === "" ? name : `${name}: ${description}`}
              name="roles"
              value={name}
              checked={chosen.includes(name)}
            />
          ))
        }
      </Loaded>
    </fieldset>
  );
}
