import type {
  InvoiceSheet,
  PrintedInvoices,
  SheetColumn,
  SheetRow,
  SheetTable,
} from "../../lib/billing/invoice-sheet.ts";
import { type Html, html } from "../../lib/http/html.ts";

/** The style of the page; the page's policy names it by its hash and lets nothing else in. */
export const INVOICE_STYLE = `
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article + article { break-before: page; margin-top: 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; }
dt { color: #555; }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; color: #555; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; overflow-wrap: anywhere; }
th, td { border-bottom: 1px solid #ddd; }
th ul { font-weight: 400; margin: .25rem 0 0; padding-left: 1.25rem; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.draft { border: 2px solid #8a5a00; color: #6b4500; padding: .5rem .75rem; }
tfoot th, tfoot td { border-bottom: 0; }
tfoot tr:last-child > * { border-top: 2px solid #1a1a1a; font-weight: 700; }
@media print { body { max-width: none; margin: 0; } }
`;

/** Invoices to be printed, each from a page of its own; nothing of it comes from elsewhere and nothing of it runs. */
export function invoicePage({ title, sheets }: PrintedInvoices): string {
  const style: Html = { markup: `<style>${INVOICE_STYLE}</style>` };
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${style}
</head>
<body>
<main>
${sheets.map(article)}
</main>
</body>
</html>
`;
  return page.markup;
}

function article({ title, warning, facts, summary, details }: InvoiceSheet): Html {
  return html`<article>
<h1>${title}</h1>
${warning === undefined ? undefined : html`<p class="draft">${warning}</p>`}
<dl>
${facts.map(
  ([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>
`,
)}</dl>
${table(summary, summary.sums)}
${details.map(
  (detail) => html`<h2>${detail.heading}</h2>
${table(detail, [])}
`,
)}
</article>`;
}

function table({ caption, columns, rows }: SheetTable, sums: InvoiceSheet["summary"]["sums"]): Html {
  return html`<table>
${caption === undefined ? undefined : html`<caption>${caption}</caption>`}
<thead><tr>
${columns.map(headerCell)}</tr></thead>
<tbody>
${rows.map((row) => tableRow(row, columns))}</tbody>
${
  sums.length === 0
    ? undefined
    : html`<tfoot>
${sums.map((sum) => sumRow(sum, columns.length - 1))}</tfoot>`
}
</table>`;
}

function headerCell({ name, isNumber }: SheetColumn): Html {
  return isNumber
    ? html`<th scope="col" class="number">${name}</th>
`
    : html`<th scope="col">${name}</th>
`;
}

function tableRow({ cells: [first = "", ...rest], steps }: SheetRow, [, ...columns]: readonly SheetColumn[]) {
  const list = steps.length === 0 ? undefined : html`<ul>${steps.map((step) => html`<li>${step}</li>`)}</ul>`;
  return html`<tr>
<th scope="row">${first}${list}</th>
${rest.map((cell, place) =>
  columns[place]?.isNumber === true
    ? html`<td class="number">${cell}</td>
`
    : html`<td>${cell}</td>
`,
)}</tr>
`;
}

function sumRow([name, amount]: readonly [name: string, amount: string], span: number): Html {
  return html`<tr><th scope="row" colspan="${span}">${name}</th><td class="number">${amount}</td></tr>
`;
}
