import { get } from "../api.ts";
import type { Activity, Me, Session } from "../documents.ts";
import { formatDevice, formatQuantity, formatWord } from "../format.ts";
import { may } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Facts } from "../parts/facts.tsx";
import { Loaded, LoadedList, Page, Section } from "../parts/page.tsx";
import { At, Left } from "../parts/time.tsx";
import { useList, useLoad } from "../parts/use-load.ts";
import { UserName } from "../parts/user-name.tsx";
import { linkTo } from "../router.ts";
import { endSession } from "../session.ts";
import { ActivityTable } from "./activity-table.tsx";
import { expiryOf } from "./session-table.tsx";

interface ActionMetrics {
  readonly action: string;
  readonly count: number;
  readonly errors: number;
  readonly denied: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

interface SessionMetrics {
  readonly count: number;
  readonly errors: number;
  readonly denied: number;
  readonly p95Ms: number;
  readonly usage: ReadonlyArray<{ readonly meter: string; readonly unit: string; readonly quantity: string }>;
  readonly failing: readonly ActionMetrics[];
  readonly slowest: readonly ActionMetrics[];
}

/** One session: its facts, what it did and how well, what it used. */
export function SessionDetail({ id, me }: { readonly id: string; readonly me: Me }) {
  const session = useLoad(() => get<Session>(`/v1/sessions/${id}`), id);
  return (
    <Page
      title="Session"
      intro={<a href={linkTo("/sessions")}>All sessions</a>}
      actions={
        session.data?.status === "active" && <End session={session.data} me={me} ended={session.reload} />
      }
    >
      <Loaded of={session} what="the session">
        {(data) => <SessionFacts session={data} />}
      </Loaded>
      <Metrics id={id} />
      <Section
        title="What it did"
        actions={
          may(me, "activity:list") && <a href={linkTo("/activity", { sessionId: id })}>Filter the activity</a>
        }
      >
        <Records id={id} />
      </Section>
    </Page>
  );
}

function End(props: { readonly session: Session; readonly me: Me; readonly ended: () => void }) {
  const { session, me, ended } = props;
  return (
    <ActionButton
      kind="danger"
      confirm={`The session of ${formatDevice(session.device)} ends with its next request.`}
      done="The session has ended."
      run={() => endSession(session, me, ended)}
    >
      End session
    </ActionButton>
  );
}

function SessionFacts({ session }: { readonly session: Session }) {
  const isActive = session.status === "active";
  return (
    <Facts
      of={[
        ["State", <Badge key="s" word={isActive ? "active" : (session.endReason ?? "ended")} />],
        ["User", <UserName key="u" id={session.userId} name={session.userName} />],
        ["Device", formatDevice(session.device)],
        ["Address", session.ip],
        ["Kind", formatWord(session.kind)],
        ["Roles", session.roles.join(", ")],
        ["Factors used", session.amr.join(", ")],
        ["Began", <At key="b" at={session.createdAt} />],
        ["Last seen", <At key="l" at={session.lastSeenAt} />],
        isActive
          ? ["Expires in", <Left key="e" until={expiryOf(session)} />]
          : ["Ended", <At key="e" at={session.endedAt} />],
        ["Longest until", <At key="a" at={session.absoluteExpiresAt} />],
        ["Id", <code key="i">{session.id}</code>],
      ]}
    />
  );
}

function Metrics({ id }: { readonly id: string }) {
  const metrics = useLoad(() => get<SessionMetrics>(`/v1/sessions/${id}/metrics`), id);
  return (
    <Section title="How it went">
      <Loaded of={metrics} what="its metrics">
        {(data) => (
          <>
            <Facts
              of={[
                ["Actions", String(data.count)],
                ["Failed", String(data.errors)],
                ["Refused", String(data.denied)],
                ["95 % within", `${Math.round(data.p95Ms)} ms`],
                ...data.usage.map(
                  ({ meter, quantity, unit }) => [meter, `${formatQuantity(quantity)} ${unit}`] as const,
                ),
              ]}
            />
            <Actions title="Failing first" items={data.failing} />
            <Actions title="Slowest first" items={data.slowest} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Actions({ title, items }: { readonly title: string; readonly items: readonly ActionMetrics[] }) {
  if (items.length === 0) return null;
  return (
    <details>
      <summary>{title}</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Action</th>
              <th scope="col" class="number">
                Times
              </th>
              <th scope="col" class="number">
                Failed
              </th>
              <th scope="col" class="number">
                Refused
              </th>
              <th scope="col" class="number">
                Half within
              </th>
              <th scope="col" class="number">
                95 % within
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ action, count, errors, denied, p50Ms, p95Ms }) => (
              <tr key={action}>
                <td>
                  <code>{action}</code>
                </td>
                <td class="number">{count}</td>
                <td class="number">{errors}</td>
                <td class="number">{denied}</td>
                <td class="number">{Math.round(p50Ms)} ms</td>
                <td class="number">{Math.round(p95Ms)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Records({ id }: { readonly id: string }) {
  const records = useList<Activity>(`/v1/sessions/${id}/activity`);
  return (
    <LoadedList of={records} what="its activity" empty="Nothing was done in this session yet.">
      {(items) => <ActivityTable items={items} caption="What this session did, oldest first" />}
    </LoadedList>
  );
}
