import { budgetTable } from "../../lib/aws/budget-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { type SetBudgetDeps, setBudget } from "../../lib/billing/set-budget.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { BudgetDocument, BudgetInput, budgetDocument } from "./budget-document.ts";

/** Sets the tenant's budget. It holds nobody up: what it does is tell. */
export const spec = {
  method: "PUT",
  route: "/v1/budgets",
  summary: "Set the tenant's monthly budget",
  description:
    "Looked at every hour, after the roll-up. When the month's total so far reaches a threshold an alert " +
    "`budget.threshold` is raised, once for each threshold and month; when the last 24 hours cost at least three times " +
    "the average of the seven days before, and a twentieth of the budget, one `cost.spike`, once a day.",
  tag: "Billing",
  permission: "budget:update",
  body: BudgetInput,
  response: BudgetDocument,
  etag: true,
  successStatus: 200,
  errors: ["precondition.failed", "conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & SetBudgetDeps) =>
  endpoint(spec, deps, async ({ body, caller, trail, expectedVersion }) => {
    trail.about({ type: "budget", id: caller.tenantId });
    const of = { tenantId: caller.tenantId, ...body, expectedVersion: expectedVersion() };
    const budget = await setBudget(deps, of, trail);
    return json(budgetDocument(budget), { version: budget.version });
  });

export const handler = createHandler({ ...platform(), budgets: budgetTable() });
