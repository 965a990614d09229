import { useEffect, useState } from "preact/hooks";
import { get, patch, post, remove } from "../api.ts";
import type { Me } from "../documents.ts";
import { formatWord } from "../format.ts";
import { say } from "../notices.ts";
import { may } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Facts } from "../parts/facts.tsx";
import { Form, SelectField, TextField } from "../parts/form.tsx";
import { Loaded, Page } from "../parts/page.tsx";
import { Ago, At } from "../parts/time.tsx";
import { type Loading, useLoad } from "../parts/use-load.ts";
import { UserName } from "../parts/user-name.tsx";
import { onResourceChange } from "../resource-changes.ts";
import { type Resource, specOf, specWords, typeName } from "../resources.ts";
import { go, linkTo } from "../router.ts";
import { ResourceCostPart } from "./resource-cost.tsx";
import { SpecFields } from "./resource-create.tsx";
import { ResourceLoad } from "./resource-load.tsx";
import { Scaling } from "./resource-scaling.tsx";

/** One resource: its state as the provider has it, who holds it, its load, and all that can be done with it. */
export function ResourceDetail({ id, me }: { readonly id: string; readonly me: Me }) {
  const resource = useLoad(() => get<Resource>(`/v1/resources/${id}`), id);
  const { reload } = resource;
  useEffect(() => onResourceChange((changed) => (changed === id ? reload() : undefined)), [id, reload]);
  return (
    <Page
      title={resource.data?.name ?? "Resource"}
      intro={<a href={linkTo("/resources")}>All resources</a>}
      actions={resource.data !== undefined && <Actions resource={resource.data} me={me} loading={resource} />}
    >
      <Loaded of={resource} what="the resource">
        {(data) => (
          <>
            <ResourceFacts resource={data} />
            {data.type === "instance_group" && <Scaling resource={data} me={me} />}
            <ResourceCostPart id={id} />
            <ResourceLoad id={id} />
            <p>
              <a href={linkTo("/activity", { resource: `${data.type}/${id}` })}>What was done with it</a>
            </p>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function ResourceFacts({ resource }: { readonly resource: Resource }) {
  const { failure, pending, volumes = [], usedBy, attachedSessions } = resource;
  return (
    <>
      {failure !== undefined && (
        <p class="form-error">
          <strong>{failure.code}</strong>: {failure.message} (<Ago at={failure.at} />)
        </p>
      )}
      <Facts
        of={[
          ["State", <Badge key="s" word={resource.state} />],
          ["Type", typeName(resource.type)],
          ["Spec", specWords(resource)],
          ["Owner", <UserName key="o" id={resource.ownerId} />],
          ["Made by session", <Links to="sessions" key="m" ids={[resource.ownerSessionId]} />],
          [
            "Held by",
            attachedSessions.length === 0 ? (
              "nobody: it is not charged"
            ) : (
              <Links to="sessions" key="h" ids={attachedSessions} />
            ),
          ],
          ...(volumes.length === 0
            ? []
            : [["Volumes", <Links to="resources" key="v" ids={volumes} />] as const]),
          ...(usedBy.length === 0
            ? []
            : [["Used by", <Links to="resources" key="b" ids={usedBy} />] as const]),
          [
            "Tags",
            Object.entries(resource.tags)
              .map(([name, value]) => `${name}=${value}`)
              .join(", ") || "–",
          ],
          ["Made", <At key="c" at={resource.createdAt} />],
          ["Changed", <At key="u" at={resource.updatedAt} />],
          ["Provider", [resource.provider, resource.providerId].filter(Boolean).join(" ")],
          ...(pending === undefined ? [] : [["Under way", formatWord(pending.operation)] as const]),
          ["Id", <code key="i">{resource.id}</code>],
        ]}
      />
    </>
  );
}

function Links({ to, ids }: { readonly to: "sessions" | "resources"; readonly ids: readonly string[] }) {
  return (
    <>
      {ids.map((id) => (
        <a key={id} class="block" href={linkTo(`/${to}/${id}`)}>
          <code>{id}</code>
        </a>
      ))}
    </>
  );
}

const STARTABLE: readonly string[] = ["vm", "database"];

function Actions(props: {
  readonly resource: Resource;
  readonly me: Me;
  readonly loading: Loading<Resource>;
}) {
  const { resource, me, loading } = props;
  const { id, type, state } = resource;
  const allowed = (verb: string) => may(me, `${type}:${verb}`) || resource.ownerId === me.user.id;
  const act = (verb: string) => async () => {
    const next = await post<Resource>(`/v1/resources/${id}/${verb}`);
    loading.change(() => next);
  };
  const isHeld = resource.attachedSessions.includes(me.session.id);
  return (
    <>
      {STARTABLE.includes(type) && state === "stopped" && allowed("start") && (
        <ActionButton run={act("start")}>Start</ActionButton>
      )}
      {STARTABLE.includes(type) && state === "running" && allowed("stop") && (
        <ActionButton run={act("stop")}>Stop</ActionButton>
      )}
      {allowed(isHeld ? "detach" : "attach") && (
        <ActionButton run={act(isHeld ? "detach" : "attach")}>
          {isHeld ? "Let go" : "Hold in this session"}
        </ActionButton>
      )}
      {allowed("update") && <Change resource={resource} loading={loading} />}
      {type === "vm" && allowed("attach-volume") && <Volumes resource={resource} loading={loading} />}
      {allowed("delete") && (
        <ActionButton
          kind="danger"
          confirm={`${resource.name} is deleted with what is on it. There is no way back.`}
          run={async () => {
            await remove(`/v1/resources/${id}`);
            say(`${resource.name} is deleted.`);
            go(linkTo("/resources"));
          }}
        >
          Delete
        </ActionButton>
      )}
    </>
  );
}

function Change({ resource, loading }: { readonly resource: Resource; readonly loading: Loading<Resource> }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <button type="button" class="secondary outline" onClick={() => setOpen(true)}>
        Resize
      </button>
      {isOpen && (
        <Dialog title={`Change ${resource.name}`} close={close}>
          <Form
            label="Save"
            cancel={close}
            send={async (filled) => {
              const body = { name: filled.text("name"), spec: specOf(resource.type, filled.text) };
              const next = await patch<Resource>(`/v1/resources/${resource.id}`, body);
              loading.change(() => next);
              close();
            }}
          >
            <TextField label="Name" name="name" value={resource.name} required />
            <SpecFields type={resource.type} spec={resource.spec} />
          </Form>
        </Dialog>
      )}
    </>
  );
}

function Volumes({
  resource,
  loading,
}: {
  readonly resource: Resource;
  readonly loading: Loading<Resource>;
}) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const { id, volumes = [] } = resource;
  const change = async (verb: string, volumeId: string) => {
    const next = await post<Resource>(`/v1/resources/${id}/${verb}`, { volumeId });
    loading.change(() => next);
    close();
  };
  return (
    <>
      <button type="button" class="secondary outline" onClick={() => setOpen(true)}>
        Volumes
      </button>
      {isOpen && (
        <Dialog title={`Volumes of ${resource.name}`} close={close}>
          {volumes.map((volumeId) => (
            <p key={volumeId}>
              <code>{volumeId}</code>{" "}
              <ActionButton kind="danger" run={() => change("detach-volume", volumeId)}>
                Detach
              </ActionButton>
            </p>
          ))}
          <AttachVolume cancel={close} attach={(volumeId) => change("attach-volume", volumeId)} />
        </Dialog>
      )}
    </>
  );
}

function AttachVolume({
  cancel,
  attach,
}: {
  readonly cancel: () => void;
  readonly attach: (volumeId: string) => Promise<void>;
}) {
  const volumes = useLoad(
    () => get<{ readonly items: readonly Resource[] }>("/v1/resources?type=volume&state=running&limit=200"),
    "volumes",
  );
  return (
    <Loaded of={volumes} what="the volumes">
      {({ items }) => {
        const free = items.filter(({ usedBy }) => usedBy.length === 0);
        if (free.length === 0) return <p>There is no volume that no machine has: create one first.</p>;
        return (
          <Form label="Attach" cancel={cancel} send={(filled) => attach(filled.text("volumeId"))}>
            <SelectField
              label="Volume"
              name="volumeId"
              options={free.map(({ id, name }) => [id, `${name} (${id})`] as const)}
            />
          </Form>
        );
      }}
    </Loaded>
  );
}
