import type { Activity } from "../documents.ts";
import { formatTime } from "../format.ts";
import { Badge } from "../parts/badge.tsx";
import { UserName } from "../parts/user-name.tsx";
import { linkTo } from "../router.ts";

/** Records as a table; each leads to its details. */
export function ActivityTable(props: {
  readonly items: readonly Activity[];
  readonly caption: string;
  /** Ids of those that have just come. */
  readonly arrived?: ReadonlySet<string>;
  /** Without links: the records are of another tenant. */
  readonly plain?: boolean;
}) {
  return (
    <div class="scroll">
      <table class="stacked activity">
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Who</th>
            <th scope="col">Action</th>
            <th scope="col">On</th>
            <th scope="col">Outcome</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((record) => (
            <Row
              key={record.id}
              record={record}
              isNew={props.arrived?.has(record.id) === true}
              isPlain={props.plain === true}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: { readonly record: Activity; readonly isNew: boolean; readonly isPlain: boolean }) {
  const { record, isNew, isPlain } = props;
  const { id, time, actor, action, resource, outcome, errorCode, ip } = record;
  const moment = <time dateTime={time}>{formatTime(time)}</time>;
  return (
    <tr class={isNew ? "new" : ""}>
      <td data-label="Time" class="line">
        {isPlain ? moment : <a href={linkTo(`/activity/${id}`)}>{moment}</a>}
      </td>
      <td data-label="Who">
        <Actor of={actor} />
      </td>
      <td data-label="Action" class="line">
        <code>{action}</code>
      </td>
      <td data-label="On">
        <On resource={resource} />
      </td>
      <td data-label="Outcome">
        <Badge word={outcome} /> {errorCode !== undefined && <small>{errorCode}</small>}
      </td>
      <td data-label="From" class="line">
        {ip}
      </td>
    </tr>
  );
}

/** Who did it, and for whom. */
export function Actor({ of }: { readonly of: Activity["actor"] }) {
  return (
    <>
      {of.type === "user" ? <UserName id={of.id} name={of.name || undefined} /> : of.name || of.id}
      {of.type !== "user" && <small> ({of.type})</small>}
      {of.onBehalfOf !== undefined && <small> for {of.onBehalfOf}</small>}
    </>
  );
}

/** An id's end tells it from others; the whole of it is the title. */
const ID_END = 8;

function On({ resource }: { readonly resource: Activity["resource"] }) {
  if (resource === undefined) return <>–</>;
  const { type, id } = resource;
  const shown = /^[a-z]+_[0-9a-z]{26}$/.test(id) ? `…${id.slice(-ID_END)}` : id;
  return (
    <span title={`${type}/${id}`}>
      {type}/{shown}
    </span>
  );
}
