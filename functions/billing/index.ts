import { router } from "../../lib/http/router.ts";
import { handler as listInvoices } from "./list-invoices.ts";
import { handler as preview } from "./preview.ts";
import { handler as readInvoice } from "./read-invoice.ts";
import { handler as readRateCard } from "./read-rate-card.ts";
import { handler as replaceRateCard } from "./replace-rate-card.ts";
import { handler as run } from "./run.ts";

export const handler = router([readRateCard, replaceRateCard, listInvoices, readInvoice, preview, run]);
