import { useState } from "preact/hooks";
import { get, post, remove } from "../api.ts";
import type { Activity, Alert, Me } from "../documents.ts";
import { formatTime } from "../format.ts";
import { say } from "../notices.ts";
import { may } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Facts } from "../parts/facts.tsx";
import { AreaField, Form } from "../parts/form.tsx";
import { Loaded, Page, Section } from "../parts/page.tsx";
import { At } from "../parts/time.tsx";
import { type Loading, useLoad } from "../parts/use-load.ts";
import { UserName } from "../parts/user-name.tsx";
import { linkTo } from "../router.ts";
import { Actor } from "./activity-table.tsx";

/** One alert: what it says, the records behind it, and what can be done about it. */
export function AlertDetail({ id, me }: { readonly id: string; readonly me: Me }) {
  const alert = useLoad(() => get<Alert>(`/v1/alerts/${id}`), id);
  return (
    <Page
      title={alert.data?.summary ?? "Alert"}
      intro={<a href={linkTo("/alerts")}>All alerts</a>}
      actions={alert.data !== undefined && <Actions alert={alert.data} me={me} loading={alert} />}
    >
      <Loaded of={alert} what="the alert">
        {(data) => (
          <>
            <AlertFacts alert={data} />
            <Section title="What it was seen by">
              <Evidence ids={data.evidence} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function AlertFacts({ alert }: { readonly alert: Alert }) {
  const { sessionId, userId, mitre = [] } = alert;
  return (
    <Facts
      of={[
        ["State", <Badge key="s" word={alert.status} />],
        ["Severity", <Badge key="v" word={alert.severity} />],
        ["Rule", <code key="r">{alert.rule}</code>],
        ["First seen", <At key="f" at={alert.time} />],
        ["Last seen", <At key="l" at={alert.lastTime} />],
        ["Who", userId === undefined ? "–" : <UserName key="u" id={userId} />],
        ["Address", alert.ip ?? "–"],
        [
          "Session",
          sessionId === undefined ? (
            "–"
          ) : (
            <a key="e" href={linkTo(`/sessions/${sessionId}`)}>
              <code>{sessionId}</code>
            </a>
          ),
        ],
        ["MITRE ATT&CK", mitre.join(", ") || "–"],
        ...(alert.note === undefined ? [] : [["Note", alert.note] as const]),
      ]}
    />
  );
}

function Actions(props: { readonly alert: Alert; readonly me: Me; readonly loading: Loading<Alert> }) {
  const { alert, me, loading } = props;
  const [isClosing, setClosing] = useState(false);
  const show = (next: Alert) => loading.change(() => next);
  const { sessionId } = alert;
  return (
    <>
      {alert.status === "open" && may(me, "alert:acknowledge") && (
        <ActionButton run={async () => show(await post<Alert>(`/v1/alerts/${alert.id}/acknowledge`, {}))}>
          Acknowledge
        </ActionButton>
      )}
      {sessionId !== undefined && may(me, "session:revoke") && (
        <ActionButton
          kind="danger"
          confirm="The session ends with its next request, and whoever uses it has to sign in again."
          done="The session has ended."
          run={() => remove(`/v1/sessions/${sessionId}`)}
        >
          Revoke the session
        </ActionButton>
      )}
      {alert.status !== "closed" && may(me, "alert:close") && (
        <button type="button" onClick={() => setClosing(true)}>
          Close
        </button>
      )}
      {isClosing && (
        <Dialog title="Close the alert" close={() => setClosing(false)}>
          <Form
            label="Close the alert"
            cancel={() => setClosing(false)}
            send={async (filled) => {
              show(await post<Alert>(`/v1/alerts/${alert.id}/close`, { note: filled.text("note") }));
              setClosing(false);
              say("The alert is closed. The same thing opens a new one.");
            }}
          >
            <AreaField label="What it was" name="note" required hint="It stays with the alert." />
          </Form>
        </Dialog>
      )}
    </>
  );
}

const SHOWN_AT_ONCE = 20;

function Evidence({ ids }: { readonly ids: readonly string[] }) {
  const [count, setCount] = useState(SHOWN_AT_ONCE);
  const shown = ids.slice(0, count);
  const records = useLoad(() => Promise.all(shown.map(recordOrId)), shown.join());
  return (
    <Loaded of={records} what="the records">
      {(items) => (
        <>
          <ol class="timeline">
            {items.map((item) =>
              typeof item === "string" ? (
                <li key={item}>A record that you may not see</li>
              ) : (
                <Seen key={item.id} record={item} />
              ),
            )}
          </ol>
          {ids.length > count && (
            <button type="button" class="quiet" onClick={() => setCount(count + SHOWN_AT_ONCE)}>
              Show more
            </button>
          )}
        </>
      )}
    </Loaded>
  );
}

/** Records may be beyond what one may see, or have reached the end of their keeping. */
async function recordOrId(id: string): Promise<Activity | string> {
  return await get<Activity>(`/v1/activity/${id}`).catch(() => id);
}

function Seen({ record }: { readonly record: Activity }) {
  const { id, time, action, actor, outcome, errorCode, ip, resource } = record;
  return (
    <li>
      <a href={linkTo(`/activity/${id}`)}>
        <time dateTime={time}>{formatTime(time)}</time>
      </a>{" "}
      <code>{action}</code> <Badge word={outcome} /> {errorCode}
      <br />
      <small class="muted">
        <Actor of={actor} /> from {ip || "an unknown address"}
        {resource !== undefined && ` on ${resource.type}/${resource.id}`}
      </small>
    </li>
  );
}
