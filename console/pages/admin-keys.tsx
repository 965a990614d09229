import { useState } from "preact/hooks";
import type { Schemas } from "../../client/api.ts";
import { post, remove } from "../api.ts";
import type { Me } from "../documents.ts";
import { may, type PageProps } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { type Filled, Form, TextField } from "../parts/form.tsx";
import { LoadedList, Section } from "../parts/page.tsx";
import { Ago, At } from "../parts/time.tsx";
import { type ListLoading, useList } from "../parts/use-load.ts";
import { UserName } from "../parts/user-name.tsx";
import { RoleChoice } from "./admin-users.tsx";

type ApiKey = Schemas["ApiKey"];

/** Keys for machines: made with roles that one has oneself, and shown once. */
export function ApiKeys({ me }: PageProps) {
  const keys = useList<ApiKey>("/v1/api-keys");
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<ApiKey & { readonly secret: string }>();
  return (
    <Section
      title="API keys"
      intro="A key gets its tokens at POST /oauth/token, and its sessions are listed beside everybody’s."
      actions={
        may(me, "apikey:create") && (
          <button type="button" onClick={() => setMaking(true)}>
            Make a key
          </button>
        )
      }
    >
      <LoadedList
        of={keys}
        what="the keys"
        empty="There are none. Make one for each thing that runs by itself."
      >
        {(items) => <KeyTable items={items} keys={keys} me={me} />}
      </LoadedList>
      {isMaking && (
        <NewKey
          close={() => setMaking(false)}
          done={(key) => {
            setMaking(false);
            setMade(key);
            keys.reload();
          }}
        />
      )}
      {made !== undefined && (
        <Dialog title={`Keep the secret of ${made.name}`} close={() => setMade(undefined)}>
          <p>It is shown this once. Put it where the key is used, and nowhere else.</p>
          <pre>
            {made.id}
            {"\n"}
            {made.secret}
          </pre>
          <footer class="actions">
            <button type="button" onClick={() => setMade(undefined)}>
              I have kept it
            </button>
          </footer>
        </Dialog>
      )}
    </Section>
  );
}

function KeyTable(props: {
  readonly items: readonly ApiKey[];
  readonly keys: ListLoading<ApiKey>;
  readonly me: Me;
}) {
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>API keys, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Roles</th>
            <th scope="col">Made by</th>
            <th scope="col">Last used</th>
            <th scope="col">Expires</th>
            <th scope="col" class="row-action">
              Action
            </th>
          </tr>
        </thead>
        <tbody>
          {props.items.map(({ id, name, roles, createdBy, lastUsedAt, expiresAt }) => (
            <tr key={id}>
              <td data-label="Name">
                {name} <small class="muted">{id}</small>
              </td>
              <td data-label="Roles">{roles.join(", ")}</td>
              <td data-label="Made by">
                <UserName id={createdBy} />
              </td>
              <td data-label="Last used">{lastUsedAt === undefined ? "never" : <Ago at={lastUsedAt} />}</td>
              <td data-label="Expires">{expiresAt === undefined ? "never" : <At at={expiresAt} />}</td>
              <td data-label="Action" class="row-action">
                {may(props.me, "apikey:delete") && (
                  <ActionButton
                    kind="danger"
                    label={`Delete ${name}`}
                    confirm={`${name} is refused from now on, and its sessions end.`}
                    run={async () => {
                      await remove(`/v1/api-keys/${id}`);
                      props.keys.reload();
                    }}
                  >
                    Delete
                  </ActionButton>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NewKey(props: {
  readonly close: () => void;
  readonly done: (key: ApiKey & { readonly secret: string }) => void;
}) {
  const send = async (filled: Filled) => {
    const day = filled.optional("expires");
    const body = {
      name: filled.text("name"),
      roles: filled.all("roles"),
      ...(day === undefined ? {} : { expiresAt: `${day}T00:00:00.000Z` }),
    };
    props.done(await post<ApiKey & { secret: string }>("/v1/api-keys", body));
  };
  return (
    <Dialog title="Make a key" close={props.close}>
      <Form label="Make the key" cancel={props.close} send={send}>
        <TextField label="Name" name="name" placeholder="nightly-backup" required autofocus />
        <RoleChoice chosen={[]} />
        <TextField label="Expires on (UTC)" name="expires" type="date" hint="Empty: when it is deleted." />
      </Form>
    </Dialog>
  );
}
