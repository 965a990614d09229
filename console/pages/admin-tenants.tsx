import { useState } from "preact/hooks";
import { patch, post } from "../api.ts";
import { say } from "../notices.ts";
import type { PageProps } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { type Filled, Form, TextField } from "../parts/form.tsx";
import { LoadedList, Section } from "../parts/page.tsx";
import { At } from "../parts/time.tsx";
import { type ListLoading, useList } from "../parts/use-load.ts";

interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly status: "active" | "suspended";
  readonly createdAt: string;
}

/** The operator's: the organisations that the platform serves, and closing a month by hand. */
export function Tenants({ me }: PageProps) {
  const tenants = useList<Tenant>("/v1/tenants");
  const [isMaking, setMaking] = useState(false);
  return (
    <>
      <Section
        title="Tenants"
        actions={
          <button type="button" onClick={() => setMaking(true)}>
            Make a tenant
          </button>
        }
      >
        <LoadedList of={tenants} what="the tenants" empty="There are none yet.">
          {(items) => <TenantTable items={items} tenants={tenants} ownId={me.tenant.id} />}
        </LoadedList>
      </Section>
      <BillingRun />
      {isMaking && <NewTenant close={() => setMaking(false)} done={tenants.reload} />}
    </>
  );
}

function TenantTable(props: {
  readonly items: readonly Tenant[];
  readonly tenants: ListLoading<Tenant>;
  readonly ownId: string;
}) {
  const set = (id: string, status: Tenant["status"]) => async () => {
    await patch<Tenant>(`/v1/tenants/${id}`, { status });
    props.tenants.reload();
  };
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Tenants, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Since</th>
            <th scope="col">Id</th>
            <th scope="col" class="row-action">
              Action
            </th>
          </tr>
        </thead>
        <tbody>
          {props.items.map(({ id, name, status, createdAt }) => (
            <tr key={id}>
              <td data-label="Name">{name}</td>
              <td data-label="State">
                <Badge word={status} />
              </td>
              <td data-label="Since">
                <At at={createdAt} />
              </td>
              <td data-label="Id">
                <code>{id}</code>
              </td>
              <td data-label="Action" class="row-action">
                {id === props.ownId ? (
                  "this one"
                ) : status === "active" ? (
                  <ActionButton
                    kind="danger"
                    label={`Suspend ${name}`}
                    confirm={`Nobody of ${name} can do anything until it is restored.`}
                    run={set(id, "suspended")}
                  >
                    Suspend
                  </ActionButton>
                ) : (
                  <ActionButton kind="quiet" label={`Restore ${name}`} run={set(id, "active")}>
                    Restore
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

function NewTenant(props: { readonly close: () => void; readonly done: () => void }) {
  const send = async (filled: Filled) => {
    const body = { name: filled.text("name"), owner: { email: filled.text("email") } };
    await post("/v1/tenants", body);
    say("The tenant is there, and its owner is invited.");
    props.close();
    props.done();
  };
  return (
    <Dialog title="Make a tenant" close={props.close}>
      <Form label="Make the tenant" cancel={props.close} send={send}>
        <TextField label="Name" name="name" required autofocus />
        <TextField label="Email of its owner" name="email" type="email" required />
      </Form>
    </Dialog>
  );
}

function BillingRun() {
  const [outcome, setOutcome] = useState<string>();
  return (
    <Section
      title="Close a month now"
      intro="The schedules do it by themselves; repeating it changes nothing."
    >
      <div class="narrow">
        <Form
          label="Close the month"
          name="Billing run"
          send={async (filled) => {
            const { runs, queued } = await post<{ runs: readonly { status: string }[]; queued: number }>(
              "/v1/billing/runs",
              { period: filled.text("period") },
            );
            setOutcome(`${runs.length} tenants billed, ${queued} still waiting for their turn.`);
          }}
        >
          <TextField label="Month" name="period" placeholder="2026-10" pattern="\d{4}-\d{2}" required />
        </Form>
        {outcome !== undefined && <p role="status">{outcome}</p>}
      </div>
    </Section>
  );
}
