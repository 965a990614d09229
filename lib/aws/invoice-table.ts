import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import type { Trail } from "../activity/trail.ts";
import type {
  BilledMonth,
  InvoicePage,
  InvoiceStore,
  InvoiceSummary,
  KeptInvoice,
  MonthStep,
} from "../billing/invoice-store.ts";
import { toRfc3339 } from "../time.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { contentDigest, getContent, putContent } from "./invoice-content.ts";
import { document, type Item, number, optionalNumber, present, text, toAttribute, toItem } from "./item.ts";
import { ConditionRefused, commit } from "./transact.ts";

/**
 * Invoices in the billing table: a row for each month that says how far its billing has come, one for each document,
 * one that counts the numbers given out, and the contents beside them.
 */
export function invoiceTable(client: DynamoDBClient = dynamoClient()): InvoiceStore {
  return {
    month: (tenantId, month) => readMonth(client, tenantId, month),
    take: (step, trail) => takeStep(client, step, trail),
    get: (tenantId, id) => readInvoice(client, tenantId, id),
    list: (query) => listInvoices(client, query),
  };
}

function monthKey({ tenantId, month }: Pick<BilledMonth, "tenantId" | "month">): Item {
  return { pk: { S: `${tenantId}#months` }, sk: { S: month } };
}

function invoiceKey(tenantId: string, id: string): Item {
  return { pk: { S: `${tenantId}#invoices` }, sk: { S: id } };
}

function counterKey(tenantId: string): Item {
  return { pk: { S: `${tenantId}#numbers` }, sk: { S: "invoices" } };
}

async function get(client: DynamoDBClient, Key: Item): Promise<Item | undefined> {
  try {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: env.billingTable, Key, ConsistentRead: true }),
    );
    return Item;
  } catch (thrown) {
    throw translated(thrown);
  }
}

async function readMonth(client: DynamoDBClient, tenantId: string, month: string): Promise<BilledMonth> {
  const row = await get(client, monthKey({ tenantId, month }));
  if (row === undefined) return { tenantId, month, status: "open", invoiceIds: [], version: 0 };
  return {
    tenantId,
    month,
    status: text(row, "status") as BilledMonth["status"],
    ...present("cardVersion", optionalNumber(row, "cardVersion")),
    invoiceIds: document<readonly string[]>(row, "invoiceIds"),
    version: number(row, "version"),
  };
}

/** The content is written first, under its digest; the one transaction that follows makes it an invoice. */
async function takeStep(
  client: DynamoDBClient,
  step: MonthStep,
  trail: Trail,
): Promise<InvoiceSummary | "none" | "moved"> {
  const { before, document: made } = step;
  const { tenantId } = before;
  if (made === undefined) return await commitStep(client, { step, trail, summary: undefined });
  const digest = contentDigest(made.content);
  const kept = step.status === "draft" ? await readSummary(client, tenantId, made.id) : undefined;
  // A draft that says the same stays as it is: the schedule comes by every hour.
  if (kept !== undefined && kept.digest === digest && before.status === "draft") return kept;
  await putContent(client, { tenantId, invoiceId: made.id, digest }, made.content);
  const number = step.status === "final" ? await nextNumber(client, tenantId) : undefined;
  const { lines: _lines, unattributed: _unattributed, ...figures } = made.content;
  const summary: InvoiceSummary = {
    id: made.id,
    number: number === undefined ? null : numberText(number),
    tenantId,
    month: before.month,
    status: step.status,
    type: made.type,
    ...figures,
    digest,
    contentLength: JSON.stringify(made.content).length,
    createdAtMs: kept?.createdAtMs ?? step.nowMs,
    ...(step.status === "final" ? { finalizedAt: toRfc3339(step.nowMs) } : {}),
  };
  trail.about({ type: "invoice", id: made.id });
  trail.note({
    month: before.month,
    type: made.type,
    total: summary.total,
    currency: summary.currency,
    digest,
  });
  return await commitStep(client, { step, trail, summary, number });
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
  const writes: TransactWriteItem[] = [
    monthWrite(step, summary),
    ...(summary === undefined ? withdrawnDraft(before) : [invoiceWrite(summary)]),
    ...(number === undefined ? [] : [numberWrite(before.tenantId, number)]),
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
  const { before, status, cardVersion } = step;
  const earlier = before.status === "final" ? before.invoiceIds : [];
  const row = toItem({
    status,
    cardVersion,
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
  const row = await get(client, counterKey(tenantId));
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
  const row = await get(client, invoiceKey(tenantId, id));
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
  const { tenantId, id, digest } = summary;
  return { ...summary, ...(await getContent(client, { tenantId, invoiceId: id, digest })) };
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
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: env.billingTable,
        KeyConditionExpression: `pk = :invoices${afterId === undefined ? "" : " AND sk < :after"}`,
        ExpressionAttributeValues: {
          ":invoices": { S: `${tenantId}#invoices` },
          ...(afterId === undefined ? {} : { ":after": { S: afterId } }),
        },
        ScanIndexForward: false,
        Limit: limit,
        ConsistentRead: true,
      }),
    );
    const summaries = Items.map((item) => document<InvoiceSummary>(item, "summary"));
    const fitting = whatFits(summaries);
    const invoices = await Promise.all(fitting.map((summary) => withContent(client, summary)));
    const last = invoices.at(-1);
    const isMore = LastEvaluatedKey !== undefined || fitting.length < summaries.length;
    return { invoices, ...(isMore && last !== undefined ? { nextAfterId: last.id } : {}) };
  } catch (thrown) {
    throw translated(thrown);
  }
}
