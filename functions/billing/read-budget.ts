import { budgetTable } from "../../lib/aws/budget-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import type { BudgetStore } from "../../lib/billing/budget.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { BudgetDocument, budgetDocument } from "./budget-document.ts";

/** Shows the tenant's budget. */
export const spec = {
  method: "GET",
  route: "/v1/budgets",
  summary: "Read the tenant's monthly budget",
  tag: "Billing",
  permission: "budget:read",
  response: BudgetDocument,
  etag: true,
  successStatus: 200,
  errors: ["not_found"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly budgets: Pick<BudgetStore, "get"> }) =>
  endpoint(spec, deps, async ({ caller }) => {
    const budget = await deps.budgets.get(caller.tenantId);
    if (budget === undefined) throw notFound();
    return json(budgetDocument(budget), { version: budget.version });
  });

export const handler = createHandler({ ...platform(), budgets: budgetTable() });
