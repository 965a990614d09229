import { formatQuantity, formatTime } from "../format.ts";
import { Form, SelectField, TextField } from "../parts/form.tsx";
import { LoadedList } from "../parts/page.tsx";
import { useList } from "../parts/use-load.ts";
import { UserName } from "../parts/user-name.tsx";
import { go, linkTo, place } from "../router.ts";
import { useStore } from "../store.ts";

interface UsageLine {
  readonly key: string | null;
  readonly meter: string;
  readonly unit: string;
  readonly quantity: string;
  readonly unattributed: string;
}

const GROUPS = [
  ["meter", "Meter"],
  ["session", "Session"],
  ["user", "User"],
  ["resource", "Resource"],
  ["hour", "Hour"],
] as const;

/** What was used, exact as of now, by whatever it is looked at. */
export function UsageTable() {
  const { query } = useStore(place);
  const [group, title] = GROUPS.find(([name]) => name === query.get("groupBy")) ?? GROUPS[0];
  const from = query.get("from") ?? undefined;
  const to = query.get("to") ?? undefined;
  const usage = useList<UsageLine>("/v1/usage", { groupBy: group, from, to });
  return (
    <>
      <div class="filters">
        <Form
          label="Show"
          name="Filters"
          key={query.toString()}
          send={async (filled) =>
            go(
              linkTo("/billing/usage", {
                groupBy: filled.text("groupBy"),
                from: filled.text("from"),
                to: filled.text("to"),
              }),
            )
          }
        >
          <SelectField label="By" name="groupBy" value={group} options={GROUPS} />
          <TextField label="From (UTC)" name="from" value={from ?? ""} placeholder="Start of the month" />
          <TextField label="To (UTC)" name="to" value={to ?? ""} placeholder="Now" />
        </Form>
      </div>
      <LoadedList of={usage} what="the usage" empty="Nothing was used in this time.">
        {(items) => <Lines items={items} group={group} title={title} />}
      </LoadedList>
    </>
  );
}

function Lines(props: {
  readonly items: readonly UsageLine[];
  readonly group: string;
  readonly title: string;
}) {
  const { items, group, title } = props;
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Usage by {title.toLowerCase()}</caption>
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">Meter</th>
            <th scope="col" class="number">
              Used
            </th>
            <th scope="col" class="number">
              Outside of sessions
            </th>
            <th scope="col">Unit</th>
          </tr>
        </thead>
        <tbody>
          {items.map((line) => (
            <tr key={`${line.key} ${line.meter}`}>
              <td data-label={title}>
                <Key group={group} value={line.key} />
              </td>
              <td data-label="Meter">{line.meter}</td>
              <td data-label="Used" class="number">
                {formatQuantity(line.quantity)}
              </td>
              <td data-label="Outside of sessions" class="number">
                {formatQuantity(line.unattributed)}
              </td>
              <td data-label="Unit">{line.unit}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Key({ group, value }: { readonly group: string; readonly value: string | null }) {
  if (value === null) return <>nobody</>;
  if (group === "user") return <UserName id={value} />;
  if (group === "hour") return <>{formatTime(value)}</>;
  if (group === "session") return <a href={linkTo(`/sessions/${value}`)}>{value}</a>;
  if (group === "resource") return <a href={linkTo(`/resources/${value}`)}>{value}</a>;
  return <>{value}</>;
}
