import type { ComponentChildren } from "preact";
import { compareDecimals } from "../decimal.ts";
import { formatMoney } from "../format.ts";

/** An amount with what it is for. */
export interface Bar {
  readonly key: string;
  readonly name: ComponentChildren;
  readonly detail: ComponentChildren;
  readonly amount: string;
}

/** Amounts as a table with a bar for each, the largest first. */
export function Bars(props: {
  readonly bars: readonly Bar[];
  readonly currency: string;
  readonly nameTitle: string;
  readonly detailTitle: string;
  readonly caption: string;
  /** How many are shown at most. */
  readonly shown?: number;
}) {
  const sorted = props.bars.toSorted((one, other) => compareDecimals(other.amount, one.amount));
  const shown = sorted.slice(0, props.shown ?? sorted.length);
  const most = Math.max(...sorted.map(({ amount }) => Number(amount)), 0);
  return (
    <>
      <div class="scroll">
        <table class="stacked">
          <caption>{props.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{props.nameTitle}</th>
              <th scope="col">{props.detailTitle}</th>
              <th scope="col">Share</th>
              <th scope="col" class="number">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ key, name, detail, amount }) => (
              <tr key={key}>
                <td data-label={props.nameTitle}>{name}</td>
                <td data-label={props.detailTitle}>{detail}</td>
                <td class="bar-cell" aria-hidden="true">
                  <span class="bar" style={{ width: `${most > 0 ? (Number(amount) / most) * 100 : 0}%` }} />
                </td>
                <td data-label="Amount" class="number">
                  {formatMoney(amount, props.currency)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > shown.length && (
        <p class="muted under-table">{sorted.length - shown.length} smaller ones are not shown.</p>
      )}
    </>
  );
}
