import type { InvoiceSheet, SheetColumn, SheetRow, SheetTable } from "../billing/invoice-sheet.ts";

/** What sheets are drawn on. */
export interface Paper {
  readonly doc: PDFKit.PDFDocument;
  /** The code points that the font has a shape for. */
  readonly shapes: ReadonlySet<number>;
  /** How many rows of details the file still takes; the rest of them is counted. */
  detailRowsLeft: number;
  /** Whether a character of the sheet had to be replaced. */
  isReplaced: boolean;
}

interface TypeStyle {
  /** In points, as are all lengths here. */
  readonly size: number;
  readonly ink: string;
}

interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly width: number;
  readonly isRight?: boolean;
}

/** Texts beside each other. */
interface Line {
  readonly style: TypeStyle;
  readonly texts: readonly PlacedText[];
  /** Draws what stands at the top of each further page. */
  readonly onNewPage?: () => void;
}

const INK = "#1a1a1a";
const PALE_INK = "#555555";
const WARNING_INK = "#6b4500";

const TITLE: TypeStyle = { size: 18, ink: INK };
const HEADING: TypeStyle = { size: 12, ink: INK };
const TEXT: TypeStyle = { size: 8.5, ink: INK };
const PALE_TEXT: TypeStyle = { size: 8.5, ink: PALE_INK };
const STEP: TypeStyle = { size: 7.5, ink: PALE_INK };
const WARNING: TypeStyle = { size: 10, ink: WARNING_INK };

/** Between one part of a page and the next. */
const GAP = 12;
/** Above and below what is framed, and below a line. */
const PADDING = 4;
/** Between two cells beside each other. */
const CELL_GAP = 8;
const FACT_NAME_WIDTH = 70;
/** A heading, a caption, the names of the columns and a row, which stay together. */
const TABLE_HEAD_HEIGHT = 100;

/** Controls, formats such as the turns of direction, what Unicode has not assigned, and halves of pairs. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;
const REPLACEMENT = "\uFFFD";
const REPLACED = `${REPLACEMENT} stands for a character that the font of this file does not have: the invoice as JSON has it.`;

/** Draws one invoice, from a page of its own, and numbers its pages. */
export function drawSheet(paper: Paper, sheet: InvoiceSheet): void {
  const { doc } = paper;
  paper.isReplaced = false;
  doc.addPage();
  const firstPage = doc.bufferedPageRange().count - 1;
  drawHead(paper, sheet);
  drawTable(paper, sheet.summary);
  drawSums(paper, sheet.summary.sums);
  for (const detail of sheet.details) drawDetail(paper, detail);
  if (paper.isReplaced) drawNote(paper, REPLACED);
  numberPages(paper, sheet, firstPage);
}

function drawHead(paper: Paper, { title, warning, facts }: InvoiceSheet): void {
  const { doc } = paper;
  const { x, width } = frameOf(doc);
  drawLine(paper, { style: TITLE, texts: [{ text: title, x, width }] });
  if (warning !== undefined) {
    const top = doc.y;
    doc.y += PADDING;
    drawLine(paper, { style: WARNING, texts: [{ text: warning, x: x + GAP, width: width - 2 * GAP }] });
    doc
      .lineWidth(1)
      .rect(x, top, width, doc.y - top)
      .stroke(WARNING_INK);
    doc.y += GAP;
  }
  for (const [name, value] of facts) {
    drawLine(paper, {
      style: TEXT,
      texts: [
        { text: name, x, width: FACT_NAME_WIDTH },
        { text: value, x: x + FACT_NAME_WIDTH, width: width - FACT_NAME_WIDTH },
      ],
    });
  }
}

function drawDetail(
  paper: Paper,
  { heading, caption, columns, rows }: InvoiceSheet["details"][number],
): void {
  const { doc } = paper;
  const frame = frameOf(doc);
  const shown = rows.slice(0, paper.detailRowsLeft);
  paper.detailRowsLeft -= shown.length;
  doc.y += GAP;
  makeRoom(doc, TABLE_HEAD_HEIGHT);
  drawLine(paper, { style: HEADING, texts: [{ text: heading, ...frame }] });
  if (caption !== undefined) drawLine(paper, { style: PALE_TEXT, texts: [{ text: caption, ...frame }] });
  drawTable(paper, { columns, rows: shown });
  if (shown.length < rows.length) {
    drawNote(paper, `${rows.length - shown.length} more are in the invoice as CSV.`);
  }
}

function drawTable(paper: Paper, { columns, rows }: SheetTable): void {
  paper.doc.y += PADDING;
  drawColumnNames(paper, columns);
  for (const row of rows) drawRow(paper, columns, row);
}

function drawColumnNames(paper: Paper, columns: readonly SheetColumn[]): void {
  const names = columns.map(({ name }) => name);
  drawLine(paper, { style: PALE_TEXT, texts: cellsOf(paper.doc, columns, names) });
  drawRule(paper.doc, PALE_INK);
}

function drawRow(paper: Paper, columns: readonly SheetColumn[], { cells, steps }: SheetRow): void {
  const { doc } = paper;
  const { x, width } = frameOf(doc);
  const onNewPage = () => drawColumnNames(paper, columns);
  drawLine(paper, { style: TEXT, texts: cellsOf(doc, columns, cells), onNewPage });
  for (const text of steps) {
    drawLine(paper, { style: STEP, texts: [{ text, x: x + GAP, width: width - GAP }], onNewPage });
  }
  drawRule(doc, "#dddddd");
}

function drawSums(paper: Paper, sums: InvoiceSheet["summary"]["sums"]): void {
  const { doc } = paper;
  const { x, width } = frameOf(doc);
  const half = width / 2;
  drawRule(doc, INK);
  for (const [place, [name, amount]] of sums.entries()) {
    drawLine(paper, {
      style: place === sums.length - 1 ? HEADING : TEXT,
      texts: [
        { text: name, x, width: half },
        { text: amount, x: x + half, width: half - CELL_GAP, isRight: true },
      ],
    });
  }
}

function drawNote(paper: Paper, text: string): void {
  paper.doc.y += GAP;
  drawLine(paper, { style: PALE_TEXT, texts: [{ text, ...frameOf(paper.doc) }] });
}

function numberPages({ doc }: Paper, { title, warning }: InvoiceSheet, firstPage: number): void {
  const pages = doc.bufferedPageRange().count - firstPage;
  doc.fontSize(PALE_TEXT.size).fillColor(PALE_TEXT.ink);
  for (let page = 1; page <= pages; page++) {
    doc.switchToPage(firstPage + page - 1);
    const text = `${title}${warning === undefined ? "" : ", draft"}, page ${page} of ${pages}`;
    doc.text(text, frameOf(doc).x, doc.page.maxY() + GAP, { lineBreak: false });
  }
}

/** Draws a line, on another page where this one is full, and goes below the highest of its texts. */
function drawLine(paper: Paper, { style, texts, onNewPage }: Line): void {
  const { doc } = paper;
  doc.fontSize(style.size);
  const drawn = texts.map((one) => ({ ...one, ...measured(doc, printable(paper, one.text), one.width) }));
  const height = Math.max(...drawn.map((one) => one.height));
  if (makeRoom(doc, height + PADDING)) onNewPage?.();
  const y = doc.y;
  doc.fontSize(style.size).fillColor(style.ink);
  for (const { text, x, width, textWidth, isRight = false } of drawn) {
    // A text that fits is not looked through for places to break it, which takes long.
    if (textWidth > width) doc.text(text, x, y, { width, align: isRight ? "right" : "left" });
    else doc.text(text, isRight ? x + width - textWidth : x, y, { lineBreak: false });
  }
  doc.y = y + height + PADDING;
}

function measured(doc: PDFKit.PDFDocument, text: string, width: number) {
  const textWidth = doc.widthOfString(text);
  const height = textWidth > width ? doc.heightOfString(text, { width }) : doc.currentLineHeight();
  return { text, textWidth, height };
}

/** Begins another page where less than `height` is left on this one. @returns whether it did */
function makeRoom(doc: PDFKit.PDFDocument, height: number): boolean {
  if (doc.y + height <= doc.page.maxY()) return false;
  doc.addPage();
  return true;
}

function drawRule(doc: PDFKit.PDFDocument, ink: string): void {
  const { x, width } = frameOf(doc);
  doc
    .lineWidth(0.5)
    .moveTo(x, doc.y)
    .lineTo(x + width, doc.y)
    .stroke(ink);
  doc.y += PADDING;
}

function cellsOf(
  doc: PDFKit.PDFDocument,
  columns: readonly SheetColumn[],
  texts: readonly string[],
): readonly PlacedText[] {
  const frame = frameOf(doc);
  let x = frame.x;
  return columns.map(({ share, isNumber }, place) => {
    const width = (frame.width * share) / 100;
    const cell = { text: texts[place] ?? "", x, width: width - CELL_GAP, isRight: isNumber };
    x += width;
    return cell;
  });
}

function frameOf({ page }: PDFKit.PDFDocument): Pick<PlacedText, "x" | "width"> {
  const { left, right } = page.margins;
  return { x: left, width: page.width - left - right };
}

/** A text in the characters that the font has; nothing in it turns round or hides what stands beside it. */
function printable(paper: Paper, text: string): string {
  const characters = Array.from(text.normalize("NFC"), (character) => {
    if (paper.shapes.has(character.codePointAt(0) ?? 0) && !UNSEEN.test(character)) return character;
    paper.isReplaced = true;
    return REPLACEMENT;
  });
  return characters.join("");
}
