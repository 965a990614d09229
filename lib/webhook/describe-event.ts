import type { ActivityRecord } from "../activity/activity.ts";
import type { InvoiceStore } from "../billing/invoice-store.ts";
import { assertNever } from "../errors.ts";
import type { TenantStore } from "../identity/tenant-store.ts";
import type { TenantPolicy } from "../session/policy.ts";
import type { Session } from "../session/session.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { Alert } from "../unusual/alert.ts";
import type { AlertStore } from "../unusual/alert-store.ts";
import type { EventType, WebhookEvent } from "./event.ts";
import { sessionRevokedClaims } from "./session-revoked.ts";

/** What telling of an event needs. */
export interface DescribeEventDeps {
  readonly sessions: Pick<SessionStore, "getMany">;
  readonly alerts: Pick<AlertStore, "get">;
  readonly invoices: Pick<InvoiceStore, "get">;
  readonly tenants: Pick<TenantStore, "get">;
  /** `iss` of tokens. */
  readonly issuer: string;
  /** The forms in which the API shows things. */
  readonly show: {
    session(session: Session, policy: TenantPolicy): object;
    alert(alert: Alert): object;
  };
}

/** Tells what follows from a record, of what the tables have; `undefined` where nothing does. */
export async function describeEvent(
  deps: DescribeEventDeps,
  record: ActivityRecord,
  type: EventType,
): Promise<WebhookEvent | undefined> {
  switch (type) {
    case "session.started":
    case "session.ended":
      return await ofSession(deps, record, type);
    case "alert.opened":
    case "alert.updated":
    case "budget.threshold":
      return await ofAlert(deps, record, type);
    case "invoice.finalized":
      return await ofInvoice(deps, record, type);
    default:
      return assertNever(type);
  }
}

async function ofSession(
  deps: DescribeEventDeps,
  record: ActivityRecord,
  type: "session.started" | "session.ended",
): Promise<WebhookEvent | undefined> {
  const { tenantId, timeMs, resource, sessionId } = record;
  const [[session], tenant] = await Promise.all([
    deps.sessions.getMany(tenantId, [resource?.id ?? sessionId ?? ""]),
    deps.tenants.get(tenantId),
  ]);
  if (session === undefined || tenant === undefined) return undefined;
  const data = deps.show.session(session, tenant.policy);
  if (type === "session.started") return { type, timeMs, data };
  if (session.end === undefined) return undefined;
  const { issuer } = deps;
  return {
    ...{ type, timeMs, data },
    claims: sessionRevokedClaims({ issuer, session, reason: session.end.reason, record }),
  };
}

async function ofAlert(
  deps: DescribeEventDeps,
  record: ActivityRecord,
  type: "alert.opened" | "alert.updated" | "budget.threshold",
): Promise<WebhookEvent | undefined> {
  const { tenantId, timeMs, resource, attributes = {} } = record;
  const found = await deps.alerts.get(tenantId, resource?.id ?? "");
  if (found === undefined) return undefined;
  const { alert } = found;
  if (type !== "budget.threshold") return { type, timeMs, data: deps.show.alert(alert) };
  if (alert.rule !== "budget.threshold") return undefined;
  const { month, threshold, budget, total, currency } = attributes;
  return { type, timeMs, data: { alertId: alert.id, month, threshold, budget, total, currency } };
}

/** Lines are left out: they may be thousands. Who is told reads the invoice. */
async function ofInvoice(
  deps: DescribeEventDeps,
  { tenantId, timeMs, resource }: ActivityRecord,
  type: "invoice.finalized",
): Promise<WebhookEvent | undefined> {
  // A month may become final without an invoice.
  const invoice = resource?.type === "invoice" ? await deps.invoices.get(tenantId, resource.id) : undefined;
  if (invoice === undefined || invoice.status !== "final") return undefined;
  const { id, number, month, status, period, currency, subtotal, tax, total, digest } = invoice;
  return {
    ...{ type, timeMs },
    data: {
      ...{ id, number, tenantId, month, status, type: invoice.type, period },
      ...{ currency, subtotal, tax, total, amountDue: invoice.amountDue, digest },
      finalizedAt: invoice.finalizedAt,
    },
  };
}
