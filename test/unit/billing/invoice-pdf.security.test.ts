import { expect, test } from "@jest/globals";
import { invoicePdf } from "../../../lib/aws/invoice-pdf.ts";
import { readPdf } from "../../support/pdf.ts";

const NAMES = {
  "longer than a line": "W".repeat(256),
  "longer than a page": "word ".repeat(1000),
  "with controls": "a\u0000b\u0007c\nd\re\u001b[31mf\u0085g",
  "that turns round what follows": "\u202Egnp.exe\u202C \u2066x\u2069 \u200F",
  "from right to left": "שלום عربي",
  "of pictures": "👩‍👩‍👧‍👦🏳️‍🌈🇪🇺",
  "of other scripts": "日本株式会社 देवनागरी ไทย",
  "of marks upon marks": `Z${"\u0300\u0301".repeat(200)}`,
  "with half a pair": "a\uD800b\uDC00",
  "in the language of the file": ") Tj ET endstream endobj << /JS (app.alert(1)) >> \\) %",
  "of nothing": "",
};

test.each(Object.entries(NAMES))("a name %s leaves the rest of the invoice as it is", async (_what, name) => {
  const file = await invoicePdf().print({
    title: "Invoice INV-000001",
    recipient: name,
    ratedAtMs: 0,
    sheets: [
      {
        title: "Invoice INV-000001",
        facts: [["For", name]],
        summary: {
          columns: [
            { name: "Charge", share: 80, isNumber: false },
            { name: "Amount", share: 20, isNumber: true },
          ],
          rows: [
            { cells: [name, "1.25"], steps: [name] },
            { cells: ["cpu", "2.50"], steps: [] },
          ],
          sums: [["Total", "3.75"]],
        },
        details: [],
      },
    ],
  });
  const { pages, scripts, opens } = await readPdf(Buffer.from(file, "base64"));
  const text = pages.join("\n");
  for (const rest of ["1.25", "cpu 2.50", "Total 3.75"]) expect(text).toContain(rest);
  expect(text).not.toMatch(/(?!\n)\p{C}/u);
  expect({ scripts, opens }).toEqual({ scripts: null, opens: null });
});

test("what the font does not have is replaced in sight, and the file says so", async () => {
  const file = await invoicePdf().print({
    ...{ title: "Invoice", recipient: "日本", ratedAtMs: 0 },
    sheets: [
      {
        title: "Invoice",
        facts: [["For", "Ada 日本 \u202Ex (ten_1)"]],
        summary: { columns: [{ name: "Charge", share: 100, isNumber: false }], rows: [], sums: [] },
        details: [],
      },
    ],
  });
  const text = (await readPdf(Buffer.from(file, "base64"))).pages.join("\n");
  expect(text).toContain("For Ada \uFFFD\uFFFD \uFFFDx (ten_1)");
  expect(text).toContain("\uFFFD stands for a character that the font of this file does not have");
});
