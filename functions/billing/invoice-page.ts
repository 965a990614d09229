import type { InvoiceLine, SessionCharge } from "../../lib/billing/invoice.ts";
import type { KeptInvoice } from "../../lib/billing/invoice-store.ts";
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

const DRAFT_NOTICE = html`<p class="draft">Draft: this is not a bill yet, and may still change.</p>`;

const TITLES = { regular: "Invoice", adjustment: "Adjustment", credit_note: "Credit note" } as const;

/** Whom the invoices are for. */
export interface InvoicePageAccount {
  readonly name: string;
  readonly tenantId: string;
}

/** Invoices to be printed, each from a page of its own; nothing of it comes from elsewhere and nothing of it runs. */
export function invoicePage(invoices: readonly KeptInvoice[], account: InvoicePageAccount): string {
  const [only] = invoices;
  const title = invoices.length === 1 && only !== undefined ? titleOf(only) : "Invoices";
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
${invoices.map((invoice) => article(invoice, account))}
</main>
</body>
</html>
`;
  return page.markup;
}

function titleOf({ type, number, month }: KeptInvoice): string {
  return `${TITLES[type]} ${number ?? `for ${month}`}`;
}

function article(invoice: KeptInvoice, account: InvoicePageAccount): Html {
  const { lines, period, status } = invoice;
  return html`<article>
<h1>${titleOf(invoice)}</h1>
${status === "draft" ? DRAFT_NOTICE : undefined}
<dl>
<dt>For</dt><dd>${account.name} (${account.tenantId})</dd>
<dt>Period</dt><dd>${day(period.start)} to ${day(period.end)}, the end excluded (UTC)</dd>
${fact("Finalised", invoice.finalizedAt)}
${fact("Currency", invoice.currency)}
${fact("Rate card", invoice.rateCardVersion === null ? undefined : `version ${invoice.rateCardVersion}`)}
${fact("Document", invoice.id)}
${fact("Digest", `sha256:${invoice.digest}`)}
</dl>
${summaryTable(invoice)}
${lines.filter(({ sessions }) => sessions.length > 0).map((line) => sessionTable(line, invoice.currency))}
${unattributedTable(invoice)}
</article>`;
}

function fact(name: string, value: string | undefined): Html | undefined {
  return value === undefined
    ? undefined
    : html`<dt>${name}</dt><dd>${value}</dd>
`;
}

function summaryTable({ lines, subtotal, tax, total, currency, ...invoice }: KeptInvoice): Html {
  const { creditsApplied = [], amountDue } = invoice;
  return html`<table>
<thead><tr>
<th scope="col">Charge</th>
<th scope="col" class="number">Quantity</th>
<th scope="col">Unit</th>
<th scope="col" class="number">Amount (${currency})</th>
</tr></thead>
<tbody>
${lines.map(lineRow)}</tbody>
<tfoot>
${sumRow("Subtotal", subtotal)}${sumRow("Tax", tax)}${sumRow("Total", total)}
${creditsApplied.map(({ creditId, amount }) => sumRow(`Paid by credit ${creditId}`, `-${amount}`))}
${amountDue === undefined ? undefined : sumRow("Amount due", amountDue)}</tfoot>
</table>`;
}

function lineRow(line: InvoiceLine): Html {
  return html`<tr>
<th scope="row">${line.description}${tierList(line)}</th>
<td class="number">${line.quantity}</td>
<td>${line.unit}</td>
<td class="number">${line.amount}</td>
</tr>
`;
}

function sumRow(name: string, amount: string): Html {
  return html`<tr><th scope="row" colspan="3">${name}</th><td class="number">${amount}</td></tr>
`;
}

function tierList({ tiers = [] }: InvoiceLine): Html | undefined {
  if (tiers.length === 0) return undefined;
  const steps = tiers.map(({ upTo, unitPrice, flatFee, quantity, amount }) => {
    const tier = upTo === null ? "above" : `up to ${upTo}`;
    const fee = flatFee === undefined ? "" : ` + ${flatFee}`;
    return html`<li>${tier}: ${quantity} × ${unitPrice}${fee} = ${amount}</li>`;
  });
  return html`<ul>${steps}</ul>`;
}

function sessionTable(line: InvoiceLine, currency: string): Html {
  const { start, end } = line.period;
  return html`<h2>${line.meter} by session</h2>
<table>
<caption>${day(start)} to ${day(end)}, rate card version ${line.rateCardVersion ?? "–"}</caption>
<thead><tr>
<th scope="col">Session</th>
<th scope="col">User</th>
<th scope="col" class="number">${line.unit}</th>
<th scope="col" class="number">Amount (${currency})</th>
</tr></thead>
<tbody>
${line.sessions.map(sessionRow)}</tbody>
</table>
`;
}

function sessionRow({ sessionId, userId, quantity, amount }: SessionCharge): Html {
  return html`<tr>
<th scope="row">${sessionId}</th>
<td>${userId}</td>
<td class="number">${quantity}</td>
<td class="number">${amount}</td>
</tr>
`;
}

function unattributedTable({ unattributed }: KeptInvoice): Html | undefined {
  if (unattributed.length === 0) return undefined;
  return html`<h2>Outside of sessions, at no charge</h2>
<table>
<thead><tr>
<th scope="col">Meter</th>
<th scope="col" class="number">Quantity</th>
<th scope="col">Unit</th>
</tr></thead>
<tbody>
${unattributed.map(
  ({
    meter,
    quantity,
    unit,
  }) => html`<tr><th scope="row">${meter}</th><td class="number">${quantity}</td><td>${unit}</td></tr>
`,
)}</tbody>
</table>`;
}

function day(time: string): string {
  return time.endsWith("T00:00:00.000Z") ? time.slice(0, 10) : time;
}
