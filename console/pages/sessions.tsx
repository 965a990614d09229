import { useEffect } from "preact/hooks";
import { post } from "../api.ts";
import type { Page as ListPage, Me, Resumable, Session } from "../documents.ts";
import { formatDevice, formatWord } from "../format.ts";
import { onLive } from "../live.ts";
import { may, type PageProps } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { LoadedList, Page, Section } from "../parts/page.tsx";
import { Ago } from "../parts/time.tsx";
import { type ListLoading, useList } from "../parts/use-load.ts";
import { place } from "../router.ts";
import { endSession, resume } from "../session.ts";
import { useStore } from "../store.ts";
import { SessionDetail } from "./session-detail.tsx";
import { SessionTable } from "./session-table.tsx";

/** The start: one's own sessions, and for administrators those of the tenant, as they come and go. */
export function SessionsPage({ me, path }: PageProps) {
  const [sessionId] = path;
  if (sessionId !== undefined) return <SessionDetail id={sessionId} me={me} key={sessionId} />;
  return <Overview me={me} />;
}

function Overview({ me }: { readonly me: Me }) {
  const { query } = useStore(place);
  const status = query.get("status") === "ended" ? "ended" : "active";
  return (
    <Page
      title="Active sessions"
      intro="Where you are signed in. End what you do not know, and change your password then."
      actions={<EndOthers />}
    >
      {me.resumable.slice(0, 1).map((ended) => (
        <ResumeOffer key={ended.sessionId} ended={ended} />
      ))}
      <Mine me={me} />
      {may(me, "session:list") && <OfTenant me={me} status={status} />}
    </Page>
  );
}

function EndOthers() {
  return (
    <ActionButton
      confirm="All of your sessions but this one end at once, on every device."
      done="Your other sessions have ended."
      run={() => post("/v1/sessions/revoke", { exceptCurrent: true })}
    >
      End the others
    </ActionButton>
  );
}

/** An earlier session kept what one was doing: it can be brought over. */
function ResumeOffer({ ended }: { readonly ended: Resumable }) {
  return (
    <aside class="offer" aria-label="Go on from an earlier session">
      <p>
        Your session on {formatDevice(ended.device)} ended <Ago at={ended.endedAt} /> (
        {formatWord(ended.endReason)}) and kept where you were.
      </p>
      <ActionButton run={() => resume(ended.sessionId)}>Go on from there</ActionButton>
    </aside>
  );
}

function Mine({ me }: { readonly me: Me }) {
  const sessions = useSessions({ status: "active", userId: me.user.id });
  return (
    <Section title="Yours">
      <LoadedList of={sessions} what="your sessions" empty="You have no other sessions.">
        {(items) => <SessionTable items={items} caption="Your active sessions" end={endIn(sessions, me)} />}
      </LoadedList>
    </Section>
  );
}

function OfTenant({ me, status }: { readonly me: Me; readonly status: "active" | "ended" }) {
  const sessions = useSessions({ status });
  const other = status === "active" ? "ended" : "active";
  return (
    <Section
      title={`Everybody’s in ${me.tenant.name}`}
      intro="It follows by itself as people come and go."
      actions={<a href={`#/sessions?status=${other}`}>Show {other} sessions</a>}
    >
      <LoadedList of={sessions} what="the sessions" empty={`There are no ${status} sessions.`}>
        {(items) => (
          <SessionTable
            items={items}
            caption={`${status === "active" ? "Active" : "Ended"} sessions of ${me.tenant.name}`}
            showsUser
            {...(status === "active" && may(me, "session:revoke") ? { end: endIn(sessions, me) } : {})}
          />
        )}
      </LoadedList>
    </Section>
  );
}

/** Sessions of a kind, kept current by the feed: those that begin come first, and those that end leave or come in. */
function useSessions(query: { readonly status: "active" | "ended"; readonly userId?: string }) {
  const sessions = useList<Session>("/v1/sessions", query);
  const { change } = sessions;
  const { status, userId } = query;
  useEffect(
    () =>
      onLive((message) => {
        if (message.type !== "session") return;
        const session = message.data;
        if (userId !== undefined && session.userId !== userId) return;
        change((page) => withSession(page, session, status));
      }),
    [change, status, userId],
  );
  return sessions;
}

function withSession(
  page: ListPage<Session>,
  session: Session,
  status: Session["status"],
): ListPage<Session> {
  const known = page.items.find(({ id }) => id === session.id);
  const others = page.items.filter(({ id }) => id !== session.id);
  if (session.status !== status) return { ...page, items: others };
  // The feed shows a session as somebody else's: what was read of it before still holds.
  const merged = known === undefined ? session : { ...known, ...session };
  return known === undefined
    ? { ...page, items: [merged, ...others] }
    : { ...page, items: page.items.map((item) => (item === known ? merged : item)) };
}

/** Ends a session and takes it out of the list; one's own leads to the sign-in. */
function endIn(sessions: ListLoading<Session>, me: Me) {
  return (session: Session) =>
    endSession(session, me, () =>
      sessions.change((page) => ({ ...page, items: page.items.filter(({ id }) => id !== session.id) })),
    );
}
