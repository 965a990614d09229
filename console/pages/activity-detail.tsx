import { useState } from "preact/hooks";
import { get } from "../api.ts";
import type { Activity, Change, Proof } from "../documents.ts";
import { formatValue } from "../format.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { type Fact, Facts } from "../parts/facts.tsx";
import { Loaded, Page, Section } from "../parts/page.tsx";
import { At } from "../parts/time.tsx";
import { useLoad } from "../parts/use-load.ts";
import { type ProofVerdict, verifyProof } from "../proof.ts";
import { linkTo } from "../router.ts";
import { Actor } from "./activity-table.tsx";

/** One record: its facts, what it changed, and the proof that nobody changed it since. */
export function ActivityDetail({ id }: { readonly id: string }) {
  const record = useLoad(() => get<Activity>(`/v1/activity/${id}`), id);
  return (
    <Page title="Record" intro={<a href={linkTo("/activity")}>All activity</a>}>
      <Loaded of={record} what="the record">
        {(data) => <Details record={data} />}
      </Loaded>
    </Page>
  );
}

function Details({ record }: { readonly record: Activity }) {
  const { changes = [], attributes = {} } = record;
  return (
    <>
      <Facts of={factsOf(record)} />
      {changes.length > 0 && (
        <Section title="What it changed">
          <Changes changes={changes} />
        </Section>
      )}
      {Object.keys(attributes).length > 0 && (
        <Section title="What else is known">
          <pre>{JSON.stringify(attributes, null, 2)}</pre>
        </Section>
      )}
      <ProofSection id={record.id} />
    </>
  );
}

function factsOf(record: Activity): readonly Fact[] {
  const { id, time, actor, action, resource, outcome, errorCode, sessionId, taskId, workflow } = record;
  const on = resource && `${resource.type}/${resource.id}`;
  return [
    ["Action", <code key="a">{action}</code>],
    [
      "Outcome",
      <span key="o">
        <Badge word={outcome} /> {errorCode}
      </span>,
    ],
    [
      "Who",
      <a key="w" href={linkTo("/activity", { userId: actor.id })}>
        <Actor of={actor} />
      </a>,
    ],
    on === undefined
      ? ["On", "–"]
      : [
          "On",
          <a key="r" href={linkTo("/activity", { resource: on })}>
            {on}
          </a>,
        ],
    ["Time", <At key="t" at={time} />],
    ["Took", `${record.durationMs} ms`],
    ["Address", record.ip || "–"],
    ["User agent", record.userAgent || "–"],
    sessionId === null
      ? ["Session", "–"]
      : [
          "Session",
          <a key="s" href={linkTo(`/sessions/${sessionId}`)}>
            <code>{sessionId}</code>
          </a>,
        ],
    ["Source", record.source],
    ...(taskId === undefined
      ? []
      : ([
          [
            "Task",
            <a key="k" href={linkTo("/activity", { taskId })}>
              {taskId}
            </a>,
          ],
        ] as const)),
    ...(workflow === undefined ? [] : ([["Run", `${workflow.provider} ${workflow.runId}`]] as const)),
    ["Request", <code key="q">{record.requestId}</code>],
    ["Id", <code key="i">{id}</code>],
  ];
}

/** What was before and after. */
function Changes({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <div class="scroll">
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, from, to }) => (
            <tr key={path}>
              <td data-label="What">
                <code>{path}</code>
              </td>
              <td data-label="Before" class="before">
                {formatValue(from)}
              </td>
              <td data-label="After" class="after">
                {formatValue(to)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ProofSection({ id }: { readonly id: string }) {
  const [checked, setChecked] = useState<{ readonly proof: Proof; readonly verdict: ProofVerdict }>();
  const check = async () => {
    const proof = await get<Proof>(`/v1/activity/${id}/proof`);
    setChecked({ proof, verdict: await verifyProof(proof) });
  };
  return (
    <Section
      title="Proof"
      intro="Records are sealed together in a signed tree. This browser can check by itself that this one is as it was sealed."
      actions={<ActionButton run={check}>Verify the proof</ActionButton>}
    >
      {checked !== undefined && <Verdict {...checked} />}
    </Section>
  );
}

function Verdict({ proof, verdict }: { readonly proof: Proof; readonly verdict: ProofVerdict }) {
  const { seal } = proof;
  const isProven = verdict.isIncluded && verdict.isSigned;
  return (
    <div role="status">
      <p>
        <Badge word={isProven ? "proven" : "not proven"} tone={isProven ? "good" : "bad"} />{" "}
        {isProven
          ? "The record is as it was sealed: computed here, not taken on trust."
          : "The record is not what the seal covers. Keep a copy of this page and tell whoever runs the service."}
      </p>
      <Facts
        of={[
          ["The record’s hash", <code key="l">{verdict.leafHash}</code>],
          ["The root that it leads to", <code key="r">{verdict.rootHash ?? "none"}</code>],
          ["The seal’s root", <code key="s">{seal.rootHash}</code>],
          ["Signature", verdict.isSigned ? `good, by key ${seal.kid}` : "not good"],
          ["Sealed", <At key="t" at={seal.to} />],
          ["Place", `${proof.leafIndex + 1} of ${seal.treeSize}`],
        ]}
      />
    </div>
  );
}
