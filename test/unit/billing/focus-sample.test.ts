import { readFileSync } from "node:fs";
import { chargeFor } from "../../../lib/billing/charge.ts";
import { ATTO_DECIMALS, ATTO_PER_UNIT, formatDecimal, parseDecimal, roundTo } from "../../../lib/decimal.ts";

/** Decimal places that the sample's provider rounds a list cost to; the file shows one more, always 0. */
const COST_DECIMALS = 10;

const [header = [], ...rows] = parseCsv(
  readFileSync(new URL("../../data/focus-sample.csv", import.meta.url), "utf8"),
);
const charges = rows.map((row) => {
  const column = (name: string) => row[header.indexOf(name)] ?? "";
  return {
    listUnitPrice: column("ListUnitPrice"),
    pricingQuantity: column("PricingQuantity"),
    listCost: column("ListCost"),
    category: column("ChargeCategory"),
    billedCost: column("BilledCost"),
  };
});

test("rates every priced charge of the FOCUS sample to its list cost, without a tolerance", () => {
  const priced = charges.filter(({ listUnitPrice }) => listUnitPrice !== "NULL");
  expect(priced).toHaveLength(499);
  expect(priced.map(listCost)).toEqual(priced.map((charge) => charge.listCost));
});

test("the one charge without a price is a credit, with the cost it was billed at", () => {
  expect(charges.filter(({ listUnitPrice }) => listUnitPrice === "NULL")).toEqual([
    {
      listUnitPrice: "NULL",
      pricingQuantity: "0.00000000000",
      listCost: "-2.61370000000",
      category: "Credit",
      billedCost: "-2.61370000000",
    },
  ]);
});

function listCost({ listUnitPrice, pricingQuantity }: (typeof charges)[number]): string {
  const { amount } = chargeFor(
    { meter: "sku", unit: "unit", freeAllowance: 0n, model: "flat", unitPrice: atto(listUnitPrice) },
    { over: atto(pricingQuantity), under: ATTO_PER_UNIT },
  );
  return `${formatDecimal(roundTo(amount, COST_DECIMALS), COST_DECIMALS)}0`;
}

function atto(text: string): bigint {
  const value = parseDecimal(text, ATTO_DECIMALS);
  if (value === undefined) throw new Error(`Not a decimal: ${text}`);
  return value;
}

/** RFC 4180, as far as this file goes: quoted fields with doubled quotes, no line break within one. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  return lines.map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
      quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
    ),
  );
}
