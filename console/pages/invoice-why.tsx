import { formatMoney, formatQuantity, formatTime, formatWord } from "../format.ts";
import { LoadedList } from "../parts/page.tsx";
import { useList } from "../parts/use-load.ts";
import { linkTo } from "../router.ts";

interface Bound {
  readonly by: string;
  readonly activityId: string | null;
}

interface Item {
  readonly sessionId: string;
  readonly userId: string;
  readonly quantity: string;
  readonly amount: string;
  readonly arithmetic: string;
  readonly addsUp: boolean;
  readonly intervals: ReadonlyArray<{
    readonly resourceId: string;
    readonly from: string;
    readonly to: string;
    readonly level: string;
    readonly quantity: string;
    readonly began: Bound;
    readonly ended: Bound;
  }>;
  readonly events: ReadonlyArray<{
    readonly resourceId: string;
    readonly time: string;
    readonly value: string;
    readonly id: string;
    readonly activityId: string | null;
  }>;
}

/** Why a line is what it is: for each session the intervals, what they began and ended with, and the sum. */
export function Why(props: {
  readonly invoiceId: string;
  readonly meter: string;
  readonly currency: string;
}) {
  const { invoiceId, meter, currency } = props;
  const evidence = useList<Item>(`/v1/invoices/${invoiceId}/lines/${encodeURIComponent(meter)}/evidence`);
  return (
    <LoadedList of={evidence} what="what the line follows from" empty="No session stands behind this line.">
      {(items) => items.map((item) => <SessionWhy key={item.sessionId} item={item} currency={currency} />)}
    </LoadedList>
  );
}

function SessionWhy({ item, currency }: { readonly item: Item; readonly currency: string }) {
  return (
    <details class="card" open>
      <summary>
        <code>{item.sessionId}</code>: {formatQuantity(item.quantity)} is {formatMoney(item.amount, currency)}
      </summary>
      <p class="muted">{item.arithmetic}</p>
      {item.intervals.length > 0 && <Intervals item={item} />}
      {item.events.length > 0 && (
        <ul>
          {item.events.map(({ id, time, value, resourceId, activityId }) => (
            <li key={id}>
              {formatTime(time)}: {value} of <a href={linkTo(`/resources/${resourceId}`)}>{resourceId}</a>{" "}
              {activityId !== null && <a href={linkTo(`/activity/${activityId}`)}>its record</a>}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function Intervals({ item }: { readonly item: Item }) {
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Intervals of {item.sessionId}</caption>
        <thead>
          <tr>
            <th scope="col">Resource</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" class="number">
              Level
            </th>
            <th scope="col" class="number">
              Quantity
            </th>
          </tr>
        </thead>
        <tbody>
          {item.intervals.map(({ resourceId, from, to, level, quantity, began, ended }) => (
            <tr key={`${resourceId} ${from}`}>
              <td data-label="Resource">
                <a href={linkTo(`/resources/${resourceId}`)}>{resourceId}</a>
              </td>
              <td data-label="From">
                {formatTime(from)} <BoundWords bound={began} />
              </td>
              <td data-label="To">
                {formatTime(to)} <BoundWords bound={ended} />
              </td>
              <td data-label="Level" class="number">
                {level}
              </td>
              <td data-label="Quantity" class="number">
                {formatQuantity(quantity)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BoundWords({ bound }: { readonly bound: Bound }) {
  const words = formatWord(bound.by);
  return (
    <small>
      {bound.activityId === null ? words : <a href={linkTo(`/activity/${bound.activityId}`)}>{words}</a>}
    </small>
  );
}
