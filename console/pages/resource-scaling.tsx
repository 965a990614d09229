import { useState } from "preact/hooks";
import { getOrNone, put, remove } from "../api.ts";
import type { Me } from "../documents.ts";
import { may } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Facts } from "../parts/facts.tsx";
import { type Filled, Form, SelectField, TextField } from "../parts/form.tsx";
import { Empty, Loaded, Section } from "../parts/page.tsx";
import { Ago } from "../parts/time.tsx";
import { useLoad } from "../parts/use-load.ts";
import type { Resource } from "../resources.ts";

interface Policy {
  readonly metric: "cpu" | "requests";
  readonly target: number;
  readonly min: number;
  readonly max: number;
  readonly cooldownSeconds: number;
  readonly lastStepAt?: string;
  readonly suspended?: { readonly reason: string; readonly at: string };
}

/** How a group follows its load by itself. */
export function Scaling({ resource, me }: { readonly resource: Resource; readonly me: Me }) {
  const url = `/v1/resources/${resource.id}/scaling`;
  const policy = useLoad(async () => ({ policy: await getOrNone<Policy>(url) }), url);
  const [isOpen, setOpen] = useState(false);
  const mayScale = may(me, "instance_group:scale", "instance_group:update");
  const current = policy.data?.policy;
  return (
    <Section
      title="Scaling"
      actions={
        mayScale && (
          <>
            <button type="button" class="secondary outline" onClick={() => setOpen(true)}>
              {current === undefined ? "Set a policy" : "Change"}
            </button>
            {current !== undefined && (
              <ActionButton
                kind="danger"
                run={async () => {
                  await remove(url);
                  policy.change(() => ({ policy: undefined }));
                }}
              >
                Remove
              </ActionButton>
            )}
          </>
        )
      }
    >
      <Loaded of={policy} what="its scaling policy">
        {(data) => <PolicyFacts policy={data.policy} />}
      </Loaded>
      {isOpen && (
        <PolicyDialog
          current={current}
          close={() => setOpen(false)}
          save={async (wanted) => {
            const next = await put<Policy>(url, wanted);
            policy.change(() => ({ policy: next }));
            setOpen(false);
          }}
        />
      )}
    </Section>
  );
}

function PolicyFacts({ policy }: { readonly policy: Policy | undefined }) {
  if (policy === undefined) return <Empty>It stays as large as it is until somebody changes it.</Empty>;
  const { metric, target, min, max, cooldownSeconds, lastStepAt, suspended } = policy;
  return (
    <Facts
      of={[
        ["Follows", `${metric} at ${target}${metric === "cpu" ? " %" : " each"}`],
        ["Between", `${min} and ${max}`],
        ["Waits", `${cooldownSeconds} s after a step`],
        ["Last step", lastStepAt === undefined ? "none yet" : <Ago key="l" at={lastStepAt} />],
        ...(suspended === undefined ? [] : [["Suspended", suspended.reason] as const]),
      ]}
    />
  );
}

function PolicyDialog(props: {
  readonly current: Policy | undefined;
  readonly close: () => void;
  readonly save: (policy: Record<string, unknown>) => Promise<void>;
}) {
  const { current, close, save } = props;
  const number = (filled: Filled, name: string) => Number(filled.text(name));
  return (
    <Dialog title="Scaling policy" close={close}>
      <Form
        label="Save"
        cancel={close}
        send={(filled) =>
          save({
            metric: filled.text("metric"),
            target: number(filled, "target"),
            min: number(filled, "min"),
            max: number(filled, "max"),
            cooldownSeconds: number(filled, "cooldownSeconds"),
          })
        }
      >
        <SelectField
          label="Follows"
          name="metric"
          value={current?.metric ?? "cpu"}
          options={[
            ["cpu", "CPU, in %"],
            ["requests", "Requests, for each machine"],
          ]}
        />
        <div class="columns">
          <TextField
            label="Target"
            name="target"
            type="number"
            value={String(current?.target ?? 60)}
            required
          />
          <TextField label="At least" name="min" type="number" value={String(current?.min ?? 1)} required />
          <TextField label="At most" name="max" type="number" value={String(current?.max ?? 5)} required />
          <TextField
            label="Wait after a step (seconds)"
            name="cooldownSeconds"
            type="number"
            value={String(current?.cooldownSeconds ?? 300)}
            required
          />
        </div>
      </Form>
    </Dialog>
  );
}
