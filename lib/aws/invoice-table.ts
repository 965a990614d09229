import { type DynamoDBClient, QueryCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Trail } from "../activity/trail.ts";
import type {
  BilledMonth,
  InvoicePage,
  InvoiceStore,
  InvoiceSummary,
  KeptInvoice,
  MonthDocument,
  MonthStep,
} from "../billing/invoice-store.ts";
import type { PriceVersions } from "../billing/tenant-prices.ts";
import { type EpochMs, toRfc3339 } from "../time.ts";
import { getBilling, readBilling } from "./billing-rows.ts";
import { creditUseWrite } from "./credit-table.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { contentDigest, getContent, putContent } from "./invoice-content.ts";
import { document, type Item, number, optionalDocument, present, text, toAttribute, toItem } from "./item.ts";
import { ConditionRefused, commit } from "./transact.ts";

/**
 * Invoices in the billing table: a row for each month that says how far its billing has come, one for each document,
 * one that counts the numbers given out, and the contents beside them.
 */
export function invoiceTable(client: DynamoDBClient = dynamoClient()): InvoiceStore {
  return {
    month: (tenantId, month) => readMonth(client, tenantId, month),
    finalOf: (tenantIds, month) => finalOf(client, tenantIds, month),
    take: (step, trail) => takeStep(client, step, trail),
    get: (tenantId, id) => readInvoice(client, tenantId, id),
    list: (query) => listInvoices(client, query),
  };
}

function monthKey({ tenantId, month }: Pick<BilledMonth, "tenantId" | "month">): Item {
  return { pk: { S: monthPartition(tenantId) }, sk: { S: month } };
}

function monthPartition(tenantId: string): string {
  return `${tenantId}#months`;
}

function invoiceKey(tenantId: string, id: string): Item {
  return { pk: { S: `${tenantId}#invoices` }, sk: { S: id } };
}

function counterKey(tenantId: string): Item {
  return { pk: { S: `${tenantId}#numbers` }, sk: { S: "invoices" } };
}

async function readMonth(client: DynamoDBClient, tenantId: string, month: string): Promise<BilledMonth> {
  const row = await getBilling(client, monthKey({ tenantId, month }));
  return row === undefined
    ? { tenantId, month, status: "open", invoiceIds: [], version: 0 }
    : monthOf(row, { tenantId, month });
}

function monthOf(row: Item, of: Pick<BilledMonth, "tenantId" | "month">): BilledMonth {
  return {
    ...of,
    status: text(row, "status") as BilledMonth["status"],
    ...present("pricedBy", optionalDocument<PriceVersions>(row, "pricedBy")),
    invoiceIds: document<readonly string[]>(row, "invoiceIds"),
    version: number(row, "version"),
  };
}

async function finalOf(
  client: DynamoDBClient,
  tenantIds: readonly string[],
  month: string,
): Promise<ReadonlySet<string>> {
  const byKey = new Map(tenantIds.map((tenantId) => [monthPartition(tenantId), tenantId]));
  const rows = await readBilling(
    client,
    tenantIds.map((tenantId) => monthKey({ tenantId, month })),
  );
  const final = rows.filter((row) => text(row, "status") === "final");
  return new Set(final.flatMap((row) => byKey.get(text(row, "pk")) ?? []));
}

/** The content is written first, under its digest; the one transaction that follows makes it an invoice. */
async function takeStep(
  client: DynamoDBClient,
  step: MonthStep,
  trail: Trail,
): Promise<InvoiceSummary | "none" | "moved"> {
  const made = step.status === "open" ? undefined : step.document;
  if (made === undefined) return await commitStep(client, { step, trail, summary: undefined });
  const { tenantId } = step.before;
  const digest = contentDigest(made.content);
  const draft = step.before.status === "draft" ? await readSummary(client, tenantId, made.id) : undefined;
  // A draft that says the same stays as it is: the schedule comes by every hour.
  if (step.status === "draft" && draft?.digest === digest) return draft;
  const { content } = made;
  const status = step.status === "final" ? "final" : "draft";
  await putContent(client, { tenantId, id: made.id, status, digest }, { content, nowMs: step.nowMs });
  const number = step.status === "final" ? await nextNumber(client, tenantId) : undefined;
  const summary = summaryOf(step, made, { digest, number, createdAtMs: draft?.createdAtMs ?? step.nowMs });
  trail.about({ type: "invoice", id: made.id });
  trail.note(notesOf(summary));
  return await commitStep(client, { step, trail, summary, number });
}

function summaryOf(
  step: MonthStep,
  { id, type, content }: MonthDocument,
  { digest, number, createdAtMs }: { digest: string; number: number | undefined; createdAtMs: EpochMs },
): InvoiceSummary {
  const { lines: _lines, unattributed: _unattributed, ...figures } = content;
  const payment = step.status === "final" ? step.payment : undefined;
  return {
    id,
    number: number === undefined ? null : numberText(number),
    tenantId: step.before.tenantId,
    month: step.before.month,
    status: step.status === "final" ? "final" : "draft",
    type,
    ...figures,
    digest,
    contentLength: JSON.stringify(content).length,
    createdAtMs,
    ratedAtMs: step.nowMs,
    ...(step.status === "final" ? { finalizedAt: toRfc3339(step.nowMs) } : {}),
    ...(payment === undefined
      ? {}
      : {
          creditsApplied: payment.applied.map(({ creditId, amount }) => ({ creditId, amount })),
          amountDue: payment.amountDue,
        }),
  };
}

/** What the record of the step says of its document. */
function notesOf({ month, number, type, total, currency, digest, amountDue }: InvoiceSummary) {
  return { month, number, type, total, currency, digest, ...(amountDue === undefined ? {} : { amountDue }) };
}

interface StepWrite {
  readonly step: MonthStep;
  readonly trail: Trail;
  readonly summary: InvoiceSummary | undefined;
  readonly number?: number | undefined;
}

async function commitStep(
  client: DynamoDBClient,
  { step, trail, summary, number }: StepWrite,
): Promise<InvoiceSummary | "none" | "moved"> {
  const { before } = step;
  const payment = step.status === "final" ? step.payment : undefined;
  const writes: TransactWriteItem[] = [
    monthWrite(step, summary),
    ...(summary === undefined ? withdrawnDraft(before) : [invoiceWrite(summary)]),
    ...(number === undefined ? [] : [numberWrite(before.tenantId, number)]),
    ...(payment?.applied ?? []).map((use) => creditUseWrite(before.tenantId, use)),
  ];
  try {
    await commit(client, { writes, trail });
    return summary ?? "none";
  } catch (thrown) {
    if (thrown instanceof ConditionRefused) return "moved";
    throw thrown;
  }
}

function monthWrite(step: MonthStep, summary: InvoiceSummary | undefined): TransactWriteItem {
  const { before, status } = step;
  const earlier = before.status === "final" ? before.invoiceIds : [];
  const row = toItem({
    status,
    pricedBy: step.status === "final" ? step.pricedBy : undefined,
    invoiceIds: summary === undefined ? earlier : [...earlier, summary.id],
    version: before.version + 1,
  });
  return {
    Put: {
      TableName: env.billingTable,
      Item: { ...monthKey(before), ...row },
      ConditionExpression: before.version === 0 ? "attribute_not_exists(pk)" : "version = :before",
      ...(before.version === 0
        ? {}
        : { ExpressionAttributeValues: { ":before": toAttribute(before.version) } }),
    },
  };
}

/** A final document is never written over, whatever else goes wrong. */
function invoiceWrite(summary: InvoiceSummary): TransactWriteItem {
  return {
    Put: {
      TableName: env.billingTable,
      Item: { ...invoiceKey(summary.tenantId, summary.id), ...toItem({ status: summary.status, summary }) },
      ConditionExpression: "attribute_not_exists(pk) OR #status = :draft",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":draft": { S: "draft" } },
    },
  };
}

function withdrawnDraft(before: BilledMonth): TransactWriteItem[] {
  if (before.status !== "draft") return [];
  return before.invoiceIds.map((id) => ({
    Delete: {
      TableName: env.billingTable,
      Key: invoiceKey(before.tenantId, id),
      ConditionExpression: "#status = :draft",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":draft": { S: "draft" } },
    },
  }));
}

/* ---- numbers: given out in the transaction that makes the document, so that none is missing and none is double ---- */

async function nextNumber(client: DynamoDBClient, tenantId: string): Promise<number> {
  const row = await getBilling(client, counterKey(tenantId));
  return (row === undefined ? 0 : number(row, "given")) + 1;
}

function numberWrite(tenantId: string, given: number): TransactWriteItem {
  return {
    Put: {
      TableName: env.billingTable,
      Item: { ...counterKey(tenantId), ...toItem({ given }) },
      ConditionExpression: given === 1 ? "attribute_not_exists(pk)" : "given = :before",
      ...(given === 1 ? {} : { ExpressionAttributeValues: { ":before": toAttribute(given - 1) } }),
    },
  };
}

function numberText(given: number): string {
  return `INV-${String(given).padStart(6, "0")}`;
}

/* ---- reading ---- */

async function readSummary(
  client: DynamoDBClient,
  tenantId: string,
  id: string,
): Promise<InvoiceSummary | undefined> {
  const row = await getBilling(client, invoiceKey(tenantId, id));
  return row === undefined ? undefined : document<InvoiceSummary>(row, "summary");
}

async function readInvoice(
  client: DynamoDBClient,
  tenantId: string,
  id: string,
): Promise<KeptInvoice | undefined> {
  const summary = await readSummary(client, tenantId, id);
  if (summary === undefined) return undefined;
  return await withContent(client, summary);
}

async function withContent(client: DynamoDBClient, summary: InvoiceSummary): Promise<KeptInvoice> {
  return { ...summary, ...(await getContent(client, summary)) };
}

/** The first of them whose contents fit into one answer, and always one. */
function whatFits(summaries: readonly InvoiceSummary[]): readonly InvoiceSummary[] {
  let length = 0;
  const end = summaries.findIndex((summary, index) => {
    length += summary.contentLength;
    return index > 0 && length > PAGE_LENGTH_MAX;
  });
  return end === -1 ? summaries : summaries.slice(0, end);
}

const PAGE_LENGTH_MAX = 3_000_000;

async function listInvoices(
  client: DynamoDBClient,
  { tenantId, limit, afterId }: Parameters<InvoiceStore["list"]>[0],
): Promise<InvoicePage> {
  try {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: env.billingTable,
        KeyConditionExpression: `pk = :invoices${afterId === undefined ? "" : " AND sk < :after"}`,
        ExpressionAttributeValues: {
          ":invoices": { S: `${tenantId}#invoices` },
          ...(afterId === undefined ? {} : { ":after": { S: afterId } }),
        },
        ScanIndexForward: false,
        // One more than asked for tells whether there is a next page.
        Limit: limit + 1,
        ConsistentRead: true,
      }),
    );
    const summaries = Items.map((item) => document<InvoiceSummary>(item, "summary"));
    const fitting = whatFits(summaries.slice(0, limit));
    const invoices = await Promise.all(fitting.map((summary) => withContent(client, summary)));
    const last = invoices.at(-1);
    const isMore = fitting.length < summaries.length;
    return { invoices, ...(isMore && last !== undefined ? { nextAfterId: last.id } : {}) };
  } catch (thrown) {
    throw translated(thrown);
  }
}
