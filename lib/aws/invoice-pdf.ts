import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { Font, FontCollection } from "fontkit";
import type { InvoicePrinter, PrintedInvoices } from "../billing/invoice-sheet.ts";
import { drawSheet } from "./pdf-sheet.ts";
import { unpackWoff } from "./woff.ts";

/** Latin, Greek and Cyrillic. From where a function runs: the package has it at the same place. */
const FONT_FILE = "node_modules/roboto-fontface/fonts/roboto/Roboto-Regular.woff";

/** Rows of details in one file: these are 130 pages, and take some three seconds. */
const DETAIL_ROWS_MAX = 5000;

/** Draws invoices as PDF, with as much of a font as they need. The same invoices make the same bytes. */
export function invoicePdf(detailRowsMax = DETAIL_ROWS_MAX): InvoicePrinter {
  return { print: (invoices) => print(invoices, detailRowsMax) };
}

async function print(
  { title, recipient, sheets, ratedAtMs }: PrintedInvoices,
  detailRowsLeft: number,
): Promise<string> {
  // Run where a PDF is asked for: half of the function's code, which no other request waits for.
  const [{ default: PDFDocument }, { create }] = await Promise.all([import("pdfkit"), import("fontkit")]);
  const font = unpackWoff(await readFile(FONT_FILE));
  const doc = new PDFDocument({
    size: "A4",
    margin: 48,
    lang: "en",
    displayTitle: true,
    autoFirstPage: sheets.length === 0,
    bufferPages: true,
    // The name of none, or it looks for a font that is not in the package.
    font: "",
    // The file's identifier is made of these, and no clock is asked (ISO 32000-1, 14.4).
    info: { Title: title, Subject: recipient, Creator: "Active Session", CreationDate: new Date(ratedAtMs) },
  });
  const file = buffer(doc);
  doc.font(font);
  const paper = { doc, shapes: shapesOf(create(font)), detailRowsLeft, isReplaced: false };
  for (const sheet of sheets) drawSheet(paper, sheet);
  doc.end();
  return (await file).toString("base64");
}

function shapesOf(font: Font | FontCollection): ReadonlySet<number> {
  if (!("characterSet" in font)) throw new Error(`${FONT_FILE} holds several fonts`);
  return new Set(font.characterSet);
}
