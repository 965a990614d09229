import { applyCredits, type Credit } from "../../../lib/billing/apply-credits.ts";

const credit = (id: string, balance: string, changes: Partial<Credit> = {}): Credit => ({
  id,
  currency: "USD",
  balance,
  grantedAtMs: 0,
  expiresAtMs: null,
  ...changes,
});

const due = (total: string, credits: readonly Credit[]) =>
  applyCredits({ total, currency: "USD" }, credits, 1000);

test("a balance pays first, and the rest is due", () => {
  expect(due("8.55", [credit("c1", "5.00")])).toEqual({
    applied: [{ creditId: "c1", amount: "5.00", balanceBefore: "5.00", balanceAfter: "0.00" }],
    amountDue: "3.55",
  });
});

test("credits are used by the soonest end, then the earliest grant, then the id, and no further than needed", () => {
  const credits = [
    credit("never", "9.00"),
    credit("b", "1.00", { expiresAtMs: 3000, grantedAtMs: 5 }),
    credit("a", "1.00", { expiresAtMs: 3000, grantedAtMs: 5 }),
    credit("older", "1.00", { expiresAtMs: 3000, grantedAtMs: 4 }),
    credit("soon", "1.00", { expiresAtMs: 2000 }),
  ];
  expect(due("3.50", credits)).toEqual({
    applied: [
      { creditId: "soon", amount: "1.00", balanceBefore: "1.00", balanceAfter: "0.00" },
      { creditId: "older", amount: "1.00", balanceBefore: "1.00", balanceAfter: "0.00" },
      { creditId: "a", amount: "1.00", balanceBefore: "1.00", balanceAfter: "0.00" },
      { creditId: "b", amount: "0.50", balanceBefore: "1.00", balanceAfter: "0.50" },
    ],
    amountDue: "0.00",
  });
});

test.each([
  { why: "at its very end", changes: { expiresAtMs: 1000 } },
  { why: "in another currency", changes: { currency: "EUR" } },
  { why: "used up", changes: { balance: "0.00" } },
])("a credit that is $why pays nothing", ({ changes }) => {
  expect(due("1.00", [credit("c1", "5.00", changes)])).toEqual({ applied: [], amountDue: "1.00" });
});

test.each(["0.00", "-1.78"])("a total of %s needs no credit", (total) => {
  expect(due(total, [credit("c1", "5.00")])).toEqual({ applied: [], amountDue: total });
});

test("an invoice takes 50 credits at most, and leaves the others for the next one", () => {
  const credits = Array.from({ length: 60 }, (_, place) => credit(`c${place + 10}`, "0.01"));
  const { applied, amountDue } = due("1.00", credits);
  expect([applied.length, amountDue]).toEqual([50, "0.50"]);
});
