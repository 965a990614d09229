import { useEffect } from "preact/hooks";
import type { Alert } from "../documents.ts";
import { onLive } from "../live.ts";
import { may, type PageProps } from "../pages.tsx";
import { Badge } from "../parts/badge.tsx";
import { LoadedList, Page } from "../parts/page.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Ago } from "../parts/time.tsx";
import { useList } from "../parts/use-load.ts";
import { UserName } from "../parts/user-name.tsx";
import { linkTo, place } from "../router.ts";
import { useStore } from "../store.ts";
import { AlertDetail } from "./alert-detail.tsx";
import { AlertRules } from "./alert-rules.tsx";

const STATES = ["open", "acknowledged", "closed"] as const;

/** What was unusual: the open alerts first. */
export function AlertsPage({ me, path }: PageProps) {
  const { query } = useStore(place);
  const [first] = path;
  if (first !== undefined && first !== "rules") return <AlertDetail id={first} me={me} key={first} />;
  const current = first ?? STATES.find((state) => state === query.get("status")) ?? "open";
  const tabs = [
    ...STATES.map((name) => ({
      name,
      title: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      link: linkTo("/alerts", { status: name === "open" ? "" : name }),
    })),
    ...(may(me, "alert:update") ? [{ name: "rules", title: "Rules", link: linkTo("/alerts/rules") }] : []),
  ];
  return (
    <Page title="Alerts" intro="What was unusual about the activity, and what it was seen by.">
      <Tabs label="Alerts" current={current} tabs={tabs} />
      {current === "rules" ? <AlertRules /> : <Alerts status={current} key={current} />}
    </Page>
  );
}

function Alerts({ status }: { readonly status: string }) {
  const alerts = useList<Alert>("/v1/alerts", { status });
  const { change } = alerts;
  useEffect(
    () =>
      onLive((message) => {
        if (message.type !== "alert") return;
        const alert = message.data;
        change((page) => {
          const others = page.items.filter(({ id }) => id !== alert.id);
          return { ...page, items: alert.status === status ? [alert, ...others] : others };
        });
      }),
    [change, status],
  );
  const empty =
    status === "open" ? "Nothing is open. New alerts come in by themselves." : `Nothing is ${status}.`;
  return (
    <LoadedList of={alerts} what="the alerts" empty={empty}>
      {(items) => <AlertTable items={items} />}
    </LoadedList>
  );
}

function AlertTable({ items }: { readonly items: readonly Alert[] }) {
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Alerts, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">What</th>
            <th scope="col">Rule</th>
            <th scope="col">Who</th>
            <th scope="col">Seen</th>
            <th scope="col" class="number">
              Records
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ id, severity, summary, rule, userId, lastTime, evidence }) => (
            <tr key={id}>
              <td data-label="Severity">
                <Badge word={severity} />
              </td>
              <td data-label="What">
                <a href={linkTo(`/alerts/${id}`)}>{summary}</a>
              </td>
              <td data-label="Rule">
                <code>{rule}</code>
              </td>
              <td data-label="Who">{userId === undefined ? "–" : <UserName id={userId} />}</td>
              <td data-label="Seen">
                <Ago at={lastTime} />
              </td>
              <td data-label="Records" class="number">
                {evidence.length}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
