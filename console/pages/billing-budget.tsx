import { useState } from "preact/hooks";
import { put } from "../api.ts";
import type { Budget } from "../invoices.ts";
import { say } from "../notices.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Form, TextField } from "../parts/form.tsx";
import { listOf } from "../typed.ts";

/** Sets what is meant to be spent in a month, and at which shares of it one is told. */
export function BudgetEditor(props: {
  readonly budget: Budget | undefined;
  readonly currency: string;
  readonly saved: (budget: Budget) => void;
}) {
  const { budget, currency, saved } = props;
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <p>
      <button type="button" class="secondary outline" onClick={() => setOpen(true)}>
        {budget === undefined ? "Set a budget" : "Change the budget"}
      </button>
      {isOpen && (
        <Dialog title="Monthly budget" close={close}>
          <Form
            label="Save"
            cancel={close}
            send={async (filled) => {
              const shares = listOf(filled.text("thresholds")).map((percent) => Number(percent) / 100);
              saved(await put<Budget>("/v1/budgets", { amount: filled.text("amount"), thresholds: shares }));
              close();
              say("The budget is set. An alert tells when a share of it is reached.");
            }}
          >
            <TextField
              label={`Amount (${currency}, with tax)`}
              name="amount"
              inputMode="decimal"
              value={budget?.amount ?? ""}
              required
              autofocus
            />
            <TextField
              label="Tell at (%)"
              name="thresholds"
              value={(budget?.thresholds ?? [0.5, 0.8, 1]).map((share) => Math.round(share * 100)).join(", ")}
              required
            />
          </Form>
        </Dialog>
      )}
    </p>
  );
}
