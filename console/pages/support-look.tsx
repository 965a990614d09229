import { useEffect, useMemo, useState } from "preact/hooks";
import type { LiveMessage } from "../../client/live-feed.ts";
import { get } from "../api.ts";
import type { Activity, Page as ListPage, Session } from "../documents.ts";
import { formatDevice, formatQuantity } from "../format.ts";
import { Badge } from "../parts/badge.tsx";
import { Facts } from "../parts/facts.tsx";
import { Empty, Loaded, Page, Section } from "../parts/page.tsx";
import { At } from "../parts/time.tsx";
import { useLoad } from "../parts/use-load.ts";
import { type Resource, specWords, typeName } from "../resources.ts";
import { linkTo } from "../router.ts";
import type { Grant } from "../support.ts";
import { type SupportView, supportView } from "../support-view.ts";
import { ActivityTable } from "./activity-table.tsx";
import { type Channel, Conversation } from "./support-conversation.tsx";

/** The agent's view of a session: what its user sees of it, without secrets, and nothing that changes it. */
export function Look({ grantId }: { readonly grantId: string }) {
  const grant = useLoad(() => grantOf(grantId), grantId);
  const view = useMemo(() => supportView(grantId), [grantId]);
  return (
    <Page title="Looking at a session" intro={<a href={linkTo("/support")}>All grants</a>}>
      <Loaded of={grant} what="the grant">
        {(data) =>
          data.status === "active" ? (
            <Seen view={view} grant={data} />
          ) : (
            <Empty>This grant has ended. Ask the user again if you need another look.</Empty>
          )
        }
      </Loaded>
    </Page>
  );
}

async function grantOf(grantId: string): Promise<Grant> {
  const { items } = await get<ListPage<Grant>>("/v1/support/grants", { query: { limit: 200 } });
  const grant = items.find(({ id }) => id === grantId);
  if (grant === undefined) throw new Error("There is no such grant.");
  return grant;
}

function Seen({ view, grant }: { readonly view: SupportView; readonly grant: Grant }) {
  const { sessionId } = grant;
  const session = useLoad(() => view.get<Session>(`/v1/sessions/${sessionId}`), sessionId);
  const hear = useFeed(view);
  const channel: Channel = useMemo(
    () => ({ read: (path) => view.get(path), say: (path, body) => view.post(path, body), hear }),
    [view, hear],
  );
  return (
    <>
      <p class="looking">
        You are looking at the session of {grant.userName}. They know, and every look is on record.
      </p>
      <Loaded of={session} what="the session">
        {(data) => (
          <Facts
            of={[
              ["User", grant.userName],
              ["State", <Badge key="s" word={data.status} />],
              ["Device", formatDevice(data.device)],
              ["Address", data.ip],
              ["Roles", data.roles.join(", ")],
              ["Began", <At key="b" at={data.createdAt} />],
              ["Last seen", <At key="l" at={data.lastSeenAt} />],
            ]}
          />
        )}
      </Loaded>
      {grant.access === "guide" && (
        <Section title="Guidance">
          <Conversation sessionId={sessionId} channel={channel} />
        </Section>
      )}
      <SeenActivity view={view} sessionId={sessionId} hear={hear} />
      <SeenMetrics view={view} sessionId={sessionId} />
      <SeenResources view={view} />
    </>
  );
}

/** One feed for the whole view; its parts listen to it. */
function useFeed(view: SupportView): Channel["hear"] {
  const [listeners] = useState(() => new Set<(message: LiveMessage) => void>());
  useEffect(() => {
    const tell = (message: LiveMessage) => {
      for (const listener of listeners) listener(message);
    };
    // Without a feed the page is as it was when it was opened.
    const feed = view.listen(tell).catch(() => undefined);
    return () => void feed.then((close) => close?.());
  }, [view, listeners]);
  return useMemo(
    () => (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    [listeners],
  );
}

function SeenActivity(props: {
  readonly view: SupportView;
  readonly sessionId: string;
  readonly hear: Channel["hear"];
}) {
  const { view, sessionId, hear } = props;
  const records = useLoad(() => view.get<ListPage<Activity>>("/v1/activity", { sessionId }), sessionId);
  const { change } = records;
  useEffect(
    () =>
      hear((message) => {
        if (message.type !== "activity" || message.data.sessionId !== sessionId) return;
        const record = message.data;
        change((page) => ({
          ...page,
          items: [record, ...page.items.filter(({ id }) => id !== record.id)].slice(0, 200),
        }));
      }),
    [hear, sessionId, change],
  );
  return (
    <Section title="What they do">
      <Loaded of={records} what="the activity">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>Nothing yet.</Empty>
          ) : (
            <ActivityTable items={items} caption="What the session does, newest first" plain />
          )
        }
      </Loaded>
    </Section>
  );
}

interface Metrics {
  readonly count: number;
  readonly errors: number;
  readonly denied: number;
  readonly usage: ReadonlyArray<{ readonly meter: string; readonly unit: string; readonly quantity: string }>;
}

function SeenMetrics({ view, sessionId }: { readonly view: SupportView; readonly sessionId: string }) {
  const metrics = useLoad(() => view.get<Metrics>(`/v1/sessions/${sessionId}/metrics`), sessionId);
  return (
    <Section title="How it goes">
      <Loaded of={metrics} what="the metrics">
        {({ count, errors, denied, usage }) => (
          <Facts
            of={[
              ["Actions", String(count)],
              ["Failed", String(errors)],
              ["Refused", String(denied)],
              ...usage.map(
                ({ meter, quantity, unit }) => [meter, `${formatQuantity(quantity)} ${unit}`] as const,
              ),
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function SeenResources({ view }: { readonly view: SupportView }) {
  const resources = useLoad(() => view.get<ListPage<Resource>>("/v1/resources"));
  return (
    <Section title="What they hold">
      <Loaded of={resources} what="the resources">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>Nothing.</Empty>
          ) : (
            <ul>
              {items.map((resource) => (
                <li key={resource.id}>
                  {resource.name} ({typeName(resource.type)}, {specWords(resource)}){" "}
                  <Badge word={resource.state} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
