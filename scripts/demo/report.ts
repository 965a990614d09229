import type { ApiAnswer } from "./api.ts";

type Document = ApiAnswer["body"];

/** Says how far the demo is. */
export type Progress = (line: string) => void;

/** What came out for one tenant: the API's own documents. */
export interface DemoReport {
  readonly title: string;
  readonly tenant: { readonly id: string; readonly name: string };
  readonly sessions: readonly Document[];
  readonly denied: readonly Document[];
  readonly alerts: readonly Document[];
  readonly invoices: readonly Document[];
}

const ROWS_MAX = 12;

/** Writes a report for people. */
export function reportText(report: DemoReport): string {
  const { title, sessions, denied, alerts, invoices } = report;
  return [
    `\n${title}\n${"=".repeat(title.length)}`,
    table(`Who was on (${sessions.length} sessions)`, sessions.map(sessionRow)),
    table(`What was refused (${denied.length} times)`, countedRows(denied)),
    table(`What was unusual (${alerts.length} alerts)`, alerts.map(alertRow)),
    ...invoices.map(invoiceText),
  ].join("\n");
}

function sessionRow(session: Document): readonly string[] {
  const end =
    session.status === "ended" ? `${time(session.endedAt)}  ${session.endReason ?? ""}` : "still on";
  const name = session.device.name ?? session.device.browser;
  return [
    session.userName ?? session.userId,
    name,
    `${day(session.createdAt)} ${time(session.createdAt)} –`,
    end,
  ];
}

function alertRow({ severity, rule, time: at, evidence, summary }: Document): readonly string[] {
  return [severity, rule, time(at), `${evidence.length} records`, summary];
}

function countedRows(records: readonly Document[]): readonly (readonly string[])[] {
  const counts = new Map<string, number>();
  for (const { actor, action, errorCode } of records) {
    const key = [actor.name, action, errorCode ?? ""].join("\t");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([key, count]) => [`${count} ×`, ...key.split("\t")]);
}

function invoiceText(invoice: Document): string {
  const lines = invoice.lines.map((line: Document) => [
    line.meter,
    `${line.quantity} ${line.unit}`,
    `${line.amount} ${invoice.currency}`,
    `${line.sessions.length} sessions`,
  ]);
  const heading = `Invoice ${invoice.number ?? "(draft)"} for ${invoice.month}, ${invoice.type}`;
  return table(heading, [...lines, ["total", "", `${invoice.total} ${invoice.currency}`, invoice.status]]);
}

function table(heading: string, rows: readonly (readonly string[])[]): string {
  const shown = rows.slice(0, ROWS_MAX);
  const widths = (shown[0] ?? []).map((_, column) =>
    Math.max(...shown.map((row) => (row[column] ?? "").length)),
  );
  const lines = shown.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
  const more = rows.length > ROWS_MAX ? [`  … and ${rows.length - ROWS_MAX} more`] : [];
  return [`\n${heading}`, ...lines, ...more].join("\n");
}

function day(timestamp: string): string {
  return timestamp.slice(0, 10);
}

function time(timestamp: string): string {
  return timestamp.slice(11, 19);
}
