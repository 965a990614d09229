import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import type { TestTenant, TestUser } from "../../support/accounts.ts";
import type { SignedIn, TestApp } from "../../support/app.ts";

/** A card in USD for cpu and network. */
export const CARD = {
  effectiveFrom: "2020-01-01T00:00:00Z",
  currency: "USD",
  meters: [
    { meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.04" },
    {
      meter: "network",
      unit: "GiB",
      model: "graduated",
      tiers: [
        { upTo: "100", unitPrice: "0.09" },
        { upTo: null, unitPrice: "0.085" },
      ],
    },
  ],
};

/** A tenant with one imported session of July 2023 that held the machine r1 from nine to seven. */
export interface July {
  readonly tenant: TestTenant;
  readonly operator: SignedIn;
  readonly owner: SignedIn;
}

/** What one run says of a tenant. */
export interface Run {
  readonly status: string;
  readonly invoice?: {
    readonly id: string;
    readonly number: string | null;
    readonly type: string;
    readonly total: string;
  };
}

/** Bills imported histories through the API. */
export interface BillingClient {
  readonly operatorUser: TestUser;
  july(): Promise<July>;
  close(operator: SignedIn, tenantId: string, period?: string): Promise<Run | undefined>;
  /** What the hourly schedule hands out is done by the function that follows the table. */
  bySchedule(schedule: "closeMonth" | "checkBudgets", event?: object): Promise<void>;
}

/** Makes the operator, who sets the card. */
export async function billingClient(app: TestApp, card: object = CARD): Promise<BillingClient> {
  const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
  const operatorUser = await platform.addUser(["owner", "operator"], { totp: true });
  await (await app.signIn(operatorUser)).request("PUT", "/v1/rate-card", { body: card });
  return {
    operatorUser,
    july: async () => {
      // The operator signs in each time, and a code is good for one sign-in.
      app.clock.advance(60_000);
      const tenant = await app.tenant();
      const operator = await app.signIn(operatorUser);
      const owner = await app.signIn(tenant.owner);
      await operator.request("POST", "/v1/sessions/import", {
        body: {
          tenantId: tenant.id,
          sessions: [
            { id: "s1", userId: "bert", startedAt: "2023-07-10T08:00:00Z", endedAt: "2023-07-10T20:00:00Z" },
          ],
          attachments: [
            { resourceId: "r1", sessionId: "s1", from: "2023-07-10T09:00:00Z", to: "2023-07-10T19:00:00Z" },
          ],
        },
      });
      return { tenant, operator, owner };
    },
    close: async (operator, tenantId, period = "2023-07") => {
      app.clock.advance(1);
      const answer = await operator.request("POST", "/v1/billing/runs", { body: { period, tenantId } });
      app.clock.advance(1);
      if (answer.status !== 200) throw new Error(`The run was refused: ${answer.text}`);
      return (answer.body.runs as Run[])[0];
    },
    bySchedule: async (schedule, event = {}) => {
      await app.invoke(schedule, event);
      await app.deliverStreams();
    },
  };
}

/** Imports one more session, which held r1 as long as it lived. */
export async function importSession(
  operator: SignedIn,
  tenantId: string,
  { id, userId, from, to }: Record<"id" | "userId" | "from" | "to", string>,
): Promise<void> {
  const answer = await operator.request("POST", "/v1/sessions/import", {
    body: {
      tenantId,
      sessions: [{ id, userId, startedAt: from, endedAt: to }],
      attachments: [{ resourceId: "r1", sessionId: id, from, to }],
    },
  });
  if (answer.body.imported !== 1) throw new Error(`It was not imported: ${answer.text}`);
}

/** A CloudEvent on the machine r1, of the session s1 where it is counted. */
export function usageEvent(
  id: string,
  meter: string,
  {
    at,
    value,
    sessionId = "s1",
  }: { readonly at: string; readonly value: string; readonly sessionId?: string },
) {
  const data = meter === "cpu" ? { value } : { value, sessionId };
  return { specversion: "1.0", id, source: "/cloud", type: `usage.${meter}`, subject: "r1", time: at, data };
}

/** Sends events, each of which is to be accepted. */
export async function send(owner: SignedIn, ...events: readonly ReturnType<typeof usageEvent>[]) {
  const answer = await owner.request("POST", "/v1/usage", {
    body: JSON.stringify(events),
    headers: { "content-type": "application/cloudevents-batch+json" },
  });
  if (answer.body.accepted !== events.length) throw new Error(`Not all were accepted: ${answer.text}`);
  return answer.headers["x-request-id"];
}

/** RFC 4180, as far as the exports go: quoted cells with doubled quotes, no line break within one. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  return text
    .split("\r\n")
    .flatMap((line) =>
      line === ""
        ? []
        : [
            [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
              quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
            ),
          ],
    );
}
