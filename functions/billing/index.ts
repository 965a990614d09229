import { router } from "../../lib/http/router.ts";
import { handler as grantCredit } from "./grant-credit.ts";
import { handler as listInvoices } from "./list-invoices.ts";
import { handler as preview } from "./preview.ts";
import { handler as readBudget } from "./read-budget.ts";
import { handler as readEvidence } from "./read-evidence.ts";
import { handler as readInvoice } from "./read-invoice.ts";
import { handler as readRateCard } from "./read-rate-card.ts";
import { handler as readTenantBilling } from "./read-tenant-billing.ts";
import { handler as replaceBudget } from "./replace-budget.ts";
import { handler as replaceRateCard } from "./replace-rate-card.ts";
import { handler as replaceTenantBilling } from "./replace-tenant-billing.ts";
import { handler as run } from "./run.ts";

export const handler = router([
  ...[readRateCard, replaceRateCard, readTenantBilling, replaceTenantBilling, grantCredit],
  ...[listInvoices, readInvoice, readEvidence, preview, run],
  ...[readBudget, replaceBudget],
]);
