import { useEffect, useState } from "preact/hooks";
import { get } from "../api.ts";
import type { Me } from "../documents.ts";
import { may, type PageProps } from "../pages.tsx";
import { Badge } from "../parts/badge.tsx";
import { Form, SelectField } from "../parts/form.tsx";
import { LoadedList, Page } from "../parts/page.tsx";
import { Ago } from "../parts/time.tsx";
import { useList } from "../parts/use-load.ts";
import { UserName } from "../parts/user-name.tsx";
import { onResourceChange } from "../resource-changes.ts";
import { RESOURCE_TYPES, type Resource, specWords, typeName } from "../resources.ts";
import { go, linkTo, place } from "../router.ts";
import { useStore } from "../store.ts";
import { CreateResource } from "./resource-create.tsx";
import { ResourceDetail } from "./resource-detail.tsx";

/** What runs, who holds it, and making more. */
export function ResourcesPage({ me, path }: PageProps) {
  const [id] = path;
  return id === undefined ? <Overview me={me} /> : <ResourceDetail id={id} me={me} key={id} />;
}

function Overview({ me }: { readonly me: Me }) {
  const { query } = useStore(place);
  const [isCreating, setCreating] = useState(false);
  const mayCreate = RESOURCE_TYPES.some(([type]) => may(me, `${type}:create`));
  return (
    <Page
      title="Resources"
      intro="What was made here. It is metered while a session holds it."
      actions={
        mayCreate && (
          <button type="button" onClick={() => setCreating(true)}>
            Create
          </button>
        )
      }
    >
      <Filter type={query.get("type") ?? ""} state={query.get("state") ?? ""} />
      <Resources
        query={{ type: query.get("type") ?? undefined, state: query.get("state") ?? undefined }}
        mayCreate={mayCreate}
      />
      {isCreating && <CreateResource me={me} close={() => setCreating(false)} />}
    </Page>
  );
}

function Filter({ type, state }: { readonly type: string; readonly state: string }) {
  return (
    <div class="filters">
      <Form
        label="Filter"
        name="Filters"
        send={async (filled) =>
          go(linkTo("/resources", { type: filled.text("type"), state: filled.text("state") }))
        }
      >
        <SelectField label="Type" name="type" value={type} options={[["", "Any"], ...RESOURCE_TYPES]} />
        <SelectField
          label="State"
          name="state"
          value={state}
          options={[["", "Any"], "provisioning", "running", "stopped", "failed"]}
        />
      </Form>
    </div>
  );
}

function Resources(props: {
  readonly query: { readonly type: string | undefined; readonly state: string | undefined };
  readonly mayCreate: boolean;
}) {
  const resources = useList<Resource>("/v1/resources", props.query);
  const { change } = resources;
  useEffect(() => onResourceChange((id) => void update(id, change)), [change]);
  return (
    <LoadedList
      of={resources}
      what="the resources"
      empty={props.mayCreate ? "There are none. Create the first one." : "There are none that you may see."}
    >
      {(items) => <ResourceTable items={items} />}
    </LoadedList>
  );
}

/** Reads a resource that something has happened to, and puts it in its place. */
async function update(
  id: string,
  change: (update: (page: { items: readonly Resource[]; nextCursor: string | null }) => typeof page) => void,
): Promise<void> {
  const next = await get<Resource>(`/v1/resources/${id}`, { background: true }).catch(() => undefined);
  change((page) => {
    const isKnown = page.items.some((item) => item.id === id);
    if (next === undefined || next.state === "deleted") {
      return { ...page, items: page.items.filter((item) => item.id !== id) };
    }
    const items = page.items.map((item) => (item.id === id ? next : item));
    return { ...page, items: isKnown ? items : [next, ...items] };
  });
}

function ResourceTable({ items }: { readonly items: readonly Resource[] }) {
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Resources, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">State</th>
            <th scope="col">Spec</th>
            <th scope="col">Owner</th>
            <th scope="col" class="number">
              Sessions
            </th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {items.map((resource) => (
            <tr key={resource.id}>
              <td data-label="Name">
                <a href={linkTo(`/resources/${resource.id}`)}>{resource.name}</a>
              </td>
              <td data-label="Type">{typeName(resource.type)}</td>
              <td data-label="State">
                <Badge word={resource.state} />
              </td>
              <td data-label="Spec">{specWords(resource)}</td>
              <td data-label="Owner">
                <UserName id={resource.ownerId} />
              </td>
              <td data-label="Sessions" class="number">
                {resource.attachedSessions.length}
              </td>
              <td data-label="Changed">
                <Ago at={resource.updatedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
