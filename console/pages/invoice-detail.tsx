import { useState } from "preact/hooks";
import { get, send } from "../api.ts";
import { formatDay, formatMoney, formatQuantity, formatWord } from "../format.ts";
import type { Invoice, InvoiceLine } from "../invoices.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Facts } from "../parts/facts.tsx";
import { Loaded, Page, Section } from "../parts/page.tsx";
import { At } from "../parts/time.tsx";
import { useLoad } from "../parts/use-load.ts";
import { UserName } from "../parts/user-name.tsx";
import { linkTo } from "../router.ts";
import { saveFile } from "../save-file.ts";
import { Why } from "./invoice-why.tsx";

/** One invoice, down to the sessions that each line is made of. */
export function InvoiceDetail({ id }: { readonly id: string }) {
  const invoice = useLoad(() => get<Invoice>(`/v1/invoices/${id}`), id);
  const data = invoice.data;
  return (
    <Page
      title={data === undefined ? "Invoice" : `Invoice ${data.number ?? "(draft)"}`}
      intro={<a href={linkTo("/billing/invoices")}>All invoices</a>}
      actions={data !== undefined && <Downloads invoice={data} />}
    >
      <Loaded of={invoice} what="the invoice">
        {(shown) => (
          <>
            <InvoiceFacts invoice={shown} />
            {shown.lines.map((line) => (
              <Line key={`${line.meter} ${line.description}`} invoice={shown} line={line} />
            ))}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Downloads({ invoice }: { readonly invoice: Invoice }) {
  const save = (format: string, extension: string) => async () => {
    const answer = await send("GET", `/v1/invoices/${invoice.id}`, { query: { format } });
    saveFile(`invoice-${invoice.number ?? invoice.id}.${extension}`, await answer.blob());
  };
  return (
    <>
      <ActionButton run={save("html", "html")}>Page to print</ActionButton>
      <ActionButton run={save("pdf", "pdf")}>PDF</ActionButton>
      <ActionButton run={save("csv", "csv")}>CSV</ActionButton>
      <ActionButton run={save("focus", "focus.csv")}>FOCUS</ActionButton>
    </>
  );
}

function InvoiceFacts({ invoice }: { readonly invoice: Invoice }) {
  const { period, currency, finalizedAt, amountDue } = invoice;
  return (
    <Facts
      of={[
        ["State", <Badge key="s" word={invoice.status} />],
        ["Kind", formatWord(invoice.type)],
        ["Period (UTC)", `${formatDay(period.start)} to ${formatDay(period.end)}`],
        ["Subtotal", formatMoney(invoice.subtotal, currency)],
        ["Tax", formatMoney(invoice.tax, currency)],
        ["Total", <strong key="t">{formatMoney(invoice.total, currency)}</strong>],
        ...(amountDue === undefined
          ? []
          : [["Due after credits", formatMoney(amountDue, currency)] as const]),
        ["Rate card", invoice.rateCardVersion === null ? "–" : `version ${invoice.rateCardVersion}`],
        ...(finalizedAt === undefined ? [] : [["Final since", <At key="f" at={finalizedAt} />] as const]),
        ["Digest of the lines", <code key="d">{invoice.digest}</code>],
      ]}
    />
  );
}

function Line({ invoice, line }: { readonly invoice: Invoice; readonly line: InvoiceLine }) {
  const [isOpen, setOpen] = useState(false);
  const { currency } = invoice;
  return (
    <Section
      title={`${line.description}: ${formatMoney(line.amount, currency)}`}
      intro={priceWords(line, currency)}
      actions={
        <button
          type="button"
          class="secondary outline"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? "Hide why" : "Why?"}
        </button>
      }
    >
      {line.sessions.length > 0 && <LineSessions line={line} currency={currency} />}
      {isOpen && <Why invoiceId={invoice.id} meter={line.meter} currency={currency} />}
    </Section>
  );
}

function priceWords(line: InvoiceLine, currency: string): string {
  const used = `${formatQuantity(line.quantity)} ${line.unit}`;
  const free =
    line.freeAllowance === undefined ? "" : `, the first ${formatQuantity(line.freeAllowance)} free`;
  if (line.tiers !== undefined) {
    const tiers = line.tiers.map(
      ({ quantity, unitPrice, amount }) =>
        `${formatQuantity(quantity)} at ${unitPrice} is ${formatMoney(amount, currency)}`,
    );
    return `${used}${free}: ${tiers.join("; ")}.`;
  }
  return line.unitPrice === undefined
    ? `${used}${free}.`
    : `${used}${free}, at ${line.unitPrice} ${currency} each.`;
}

function LineSessions({ line, currency }: { readonly line: InvoiceLine; readonly currency: string }) {
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Sessions of {line.description}</caption>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">User</th>
            <th scope="col" class="number">
              {line.unit}
            </th>
            <th scope="col" class="number">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {line.sessions.map(({ sessionId, userId, quantity, amount }) => (
            <tr key={sessionId}>
              <td data-label="Session">
                <a href={linkTo(`/sessions/${sessionId}`)}>
                  <code>{sessionId}</code>
                </a>
              </td>
              <td data-label="User">
                <UserName id={userId} />
              </td>
              <td data-label={line.unit} class="number">
                {formatQuantity(quantity)}
              </td>
              <td data-label="Amount" class="number">
                {formatMoney(amount, currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
