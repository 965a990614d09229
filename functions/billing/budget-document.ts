import * as z from "zod";
import { type Budget, THRESHOLD_MAX, THRESHOLDS_MAX } from "../../lib/billing/budget.ts";
import { formatAtto } from "../../lib/decimal.ts";
import { DecimalInput } from "../../lib/http/metering-schema.ts";

/** A budget as it is read (contract section 10). */
export const BudgetDocument = z
  .object({
    amount: z.string().meta({
      examples: ["500.00"],
      description: "For a month, tax included, in the currency of the rate card.",
    }),
    thresholds: z.array(z.number()).meta({
      examples: [[0.5, 0.8, 1]],
      description: "Shares of the amount that raise an alert, once a month.",
    }),
  })
  .meta({ id: "Budget" });

/** The amount as it was written, so that it is read back as it was. */
const Amount = z.union([z.string(), z.number()]).transform((input, context) => {
  const read = DecimalInput.safeParse(input);
  if (read.success && read.data > 0n) return typeof input === "string" ? input : formatAtto(read.data);
  context.addIssue({ code: "custom", message: read.error?.issues[0]?.message ?? "must be above 0" });
  return z.NEVER;
});

/** A budget as it is written. */
export const BudgetInput = z.strictObject({
  amount: Amount,
  thresholds: z
    .array(
      DecimalInput.refine(
        (threshold) => threshold > 0n && threshold <= THRESHOLD_MAX,
        "must be a share above 0 and at most 10",
      ),
    )
    .min(1)
    .max(THRESHOLDS_MAX)
    .refine(
      (thresholds) =>
        thresholds.every((threshold, place) => place === 0 || threshold > (thresholds[place - 1] ?? 0n)),
      "must ascend, each share once",
    ),
});

/** Shows a budget. */
export function budgetDocument({ amount, thresholds }: Budget): z.output<typeof BudgetDocument> {
  return { amount, thresholds: thresholds.map((threshold) => Number(formatAtto(threshold))) };
}
