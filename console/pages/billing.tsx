import { formatDay, formatMoney, formatWord } from "../format.ts";
import type { Invoice } from "../invoices.ts";
import { may, type PageProps } from "../pages.tsx";
import { Badge } from "../parts/badge.tsx";
import { LoadedList, Page } from "../parts/page.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { useList } from "../parts/use-load.ts";
import { linkTo } from "../router.ts";
import { ThisMonth } from "./billing-month.tsx";
import { InvoiceDetail } from "./invoice-detail.tsx";
import { UsageTable } from "./usage-table.tsx";

/** What was used, and what it costs. */
export function BillingPage({ me, path }: PageProps) {
  const [first, second] = path;
  const maySeeInvoices = may(me, "invoice:read");
  if (first === "invoices" && second !== undefined) return <InvoiceDetail id={second} key={second} />;
  const current = first ?? (maySeeInvoices ? "month" : "usage");
  const tabs = [
    ...(maySeeInvoices ? [{ name: "month", title: "This month", link: linkTo("/billing") }] : []),
    { name: "usage", title: "Usage", link: linkTo("/billing/usage") },
    ...(maySeeInvoices ? [{ name: "invoices", title: "Invoices", link: linkTo("/billing/invoices") }] : []),
  ];
  return (
    <Page
      title="Usage and billing"
      intro="Usage counts inside of sessions alone, and every amount leads back to them."
    >
      <Tabs label="Usage and billing" current={current} tabs={tabs} />
      {current === "month" && <ThisMonth me={me} />}
      {current === "usage" && <UsageTable />}
      {current === "invoices" && <Invoices />}
    </Page>
  );
}

function Invoices() {
  const invoices = useList<Invoice>("/v1/invoices");
  return (
    <LoadedList
      of={invoices}
      what="the invoices"
      empty="There are none yet: a month’s draft comes on the first of the next, and is final three days later."
    >
      {(items) => (
        <div class="scroll">
          <table class="stacked">
            <caption>Invoices, newest first</caption>
            <thead>
              <tr>
                <th scope="col">Number</th>
                <th scope="col">Period (UTC)</th>
                <th scope="col">Kind</th>
                <th scope="col">State</th>
                <th scope="col" class="number">
                  Total
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, number, period, type, status, total, currency }) => (
                <tr key={id}>
                  <td data-label="Number">
                    <a href={linkTo(`/billing/invoices/${id}`)}>{number ?? "Draft"}</a>
                  </td>
                  <td data-label="Period (UTC)">
                    {formatDay(period.start)} to {formatDay(period.end)}
                  </td>
                  <td data-label="Kind">{formatWord(type)}</td>
                  <td data-label="State">
                    <Badge word={status} />
                  </td>
                  <td data-label="Total" class="number">
                    {formatMoney(total, currency)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </LoadedList>
  );
}
