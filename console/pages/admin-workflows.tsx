import { get, post, put } from "../api.ts";
import type { Activity, Session } from "../documents.ts";
import { formatMoney, formatQuantity } from "../format.ts";
import { say } from "../notices.ts";
import { may, type PageProps } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Facts } from "../parts/facts.tsx";
import { AreaField, Form, TextField } from "../parts/form.tsx";
import { Empty, Loaded, LoadedList, Section } from "../parts/page.tsx";
import { At } from "../parts/time.tsx";
import { useList, useLoad } from "../parts/use-load.ts";
import { go, linkTo } from "../router.ts";
import { jsonOf } from "../typed.ts";
import { ActivityTable } from "./activity-table.tsx";
import { SessionTable } from "./session-table.tsx";

interface Trust {
  readonly rules: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

interface Run {
  readonly runId: string;
  readonly provider: string;
  readonly ref?: string;
  readonly status: "active" | "ended";
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly sessions: readonly Session[];
  readonly actions: readonly Activity[];
  readonly resources: ReadonlyArray<{ id: string; type: string; name: string; state: string }>;
  readonly cost: ReadonlyArray<{
    month: string;
    currency: string;
    amount: string;
    lines: ReadonlyArray<{ meter: string; quantity: string; unit: string; amount: string }>;
  }>;
}

/** Pipelines: their runs with what they did and cost, and whom they are trusted from. */
export function Workflows({ me, path }: PageProps) {
  const [runId] = path;
  if (runId !== undefined) return <RunDetail runId={runId} mayEnd={may(me, "workflow:end")} key={runId} />;
  return (
    <>
      <Runs />
      <TrustRules mayChange={may(me, "workflow:update")} />
    </>
  );
}

function Runs() {
  const sessions = useList<Session>("/v1/sessions", { limit: "200" });
  return (
    <Section title="Runs" intro="The latest runs of pipelines and keys; each has a session or several.">
      <LoadedList of={sessions} what="the runs" empty="Nothing has run yet.">
        {(items) => <RunTable sessions={items.filter(({ kind }) => kind === "workflow")} />}
      </LoadedList>
      <div class="narrow">
        <Form
          label="Open"
          name="Find a run"
          send={async (filled) => go(linkTo(`/admin/workflows/${encodeURIComponent(filled.text("runId"))}`))}
        >
          <TextField label="Or open a run by its id" name="runId" required />
        </Form>
      </div>
    </Section>
  );
}

function RunTable({ sessions }: { readonly sessions: readonly Session[] }) {
  if (sessions.length === 0) return <Empty>No pipeline has signed in lately.</Empty>;
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Runs, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Provider</th>
            <th scope="col">Ref</th>
            <th scope="col">Began</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map(({ id, workflow, createdAt, status }) => (
            <tr key={id}>
              <td data-label="Run">
                {workflow === undefined ? (
                  <a href={linkTo(`/sessions/${id}`)}>{id}</a>
                ) : (
                  <a href={linkTo(`/admin/workflows/${encodeURIComponent(workflow.runId)}`)}>
                    {workflow.runId}
                  </a>
                )}
              </td>
              <td data-label="Provider">{workflow?.provider ?? "–"}</td>
              <td data-label="Ref">{workflow?.ref ?? "–"}</td>
              <td data-label="Began">
                <At at={createdAt} />
              </td>
              <td data-label="State">
                <Badge word={status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunDetail({ runId, mayEnd }: { readonly runId: string; readonly mayEnd: boolean }) {
  const url = `/v1/workflows/${encodeURIComponent(runId)}`;
  const run = useLoad(() => get<Run>(url), url);
  return (
    <Section
      title={`Run ${runId}`}
      intro={<a href={linkTo("/admin/workflows")}>All runs</a>}
      actions={
        mayEnd &&
        run.data?.status === "active" && (
          <ActionButton
            kind="danger"
            confirm="All sessions of the run end, and it gets no more of them."
            done="The run has ended."
            run={async () => {
              await post(`${url}/end`);
              run.reload();
            }}
          >
            End the run
          </ActionButton>
        )
      }
    >
      <Loaded of={run} what="the run">
        {(data) => <RunFacts run={data} />}
      </Loaded>
    </Section>
  );
}

function RunFacts({ run }: { readonly run: Run }) {
  return (
    <>
      <Facts
        of={[
          ["State", <Badge key="s" word={run.status} />],
          ["Provider", run.provider],
          ["Ref", run.ref ?? "–"],
          ["Began", <At key="b" at={run.startedAt} />],
          ["Ended", <At key="e" at={run.endedAt} />],
          ...run.cost.map(
            ({ month, currency, amount, lines }) =>
              [
                `Cost in ${month}`,
                `${formatMoney(amount, currency)}${lines.map(({ meter, quantity, unit }) => `; ${meter} ${formatQuantity(quantity)} ${unit}`).join("")}`,
              ] as const,
          ),
        ]}
      />
      <h3>Sessions</h3>
      <SessionTable items={run.sessions} caption="Sessions of the run" />
      <h3 class="spaced">Resources</h3>
      {run.resources.length === 0 && <Empty>It held none.</Empty>}
      <ul>
        {run.resources.map(({ id, name, type, state }) => (
          <li key={id}>
            <a href={linkTo(`/resources/${id}`)}>{name}</a> ({type}) <Badge word={state} />
          </li>
        ))}
      </ul>
      <h3>Actions</h3>
      <ActivityTable items={run.actions} caption="What the run did, newest first" />
    </>
  );
}

function TrustRules({ mayChange }: { readonly mayChange: boolean }) {
  const trust = useLoad(() => get<Trust>("/v1/workflow-trust"));
  return (
    <Section
      title="Trust"
      intro="Whose pipelines get a session without a secret: by the tokens that their provider signs for them. The first rule that matches gives its roles."
    >
      <Loaded of={trust} what="the rules of trust">
        {(data) => (
          <fieldset disabled={!mayChange}>
            <Form
              label="Save the rules"
              name="Trust"
              send={async (filled) => {
                const rules = jsonOf(filled.text("rules"), "The rules are not JSON.");
                const next = await put<Trust>("/v1/workflow-trust", { rules });
                trust.change(() => next);
                say("The rules hold from the next run on.");
              }}
            >
              <AreaField
                label="Rules, as JSON"
                name="rules"
                rows={10}
                value={JSON.stringify(data.rules, null, 2)}
                hint='Each: {"provider", "issuer", "audience", "claims": {"repository": "org/repo"}, "roles"}'
              />
            </Form>
          </fieldset>
        )}
      </Loaded>
    </Section>
  );
}
