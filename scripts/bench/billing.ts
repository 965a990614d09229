/**
 * `node scripts/bench/billing.ts`: how many invoices a second one process rates for a month of 1,000 sessions, and what
 * closing such a month costs in DynamoDB, counted at the client (`ReturnConsumedCapacity`). `-- --json` prints JSON.
 */
import type { RateCard } from "../../lib/billing/rate-card.ts";
import { ATTO_PER_UNIT } from "../../lib/decimal.ts";
import { monthOf, monthSpan } from "../../lib/time.ts";
import type { MeteringInput } from "../../lib/usage/meter-usage.ts";
import { type CallCount, countCalls } from "./count-calls.ts";
import { startProduct } from "./product.ts";

const SESSIONS = 1000;
const RESOURCES = 20;
const HOUR_MS = 3_600_000;
const METERS = ["cpu", "memory", "storage"] as const;
const MEASURE_MS = 5000;

const product = await startProduct();
const [billing, usage, { cardTable }, { importTable }, { sessionTable }, { tenantTable }] = await Promise.all(
  [
    import("../../lib/aws/billing-ports.ts"),
    import("../../lib/aws/usage-ports.ts"),
    import("../../lib/aws/card-table.ts"),
    import("../../lib/aws/import-table.ts"),
    import("../../lib/aws/session-table.ts"),
    import("../../lib/aws/tenant-table.ts"),
  ],
);
const { importSessions } = await import("../../lib/session/import-sessions.ts");
const [
  { closeMonth },
  { simulateInvoice },
  { ratePeriod },
  { lineEvidence },
  { rollUpUsage },
  total,
  metering,
] = await Promise.all([
  import("../../lib/billing/close-month.ts"),
  import("../../lib/billing/simulate-invoice.ts"),
  import("../../lib/billing/rate-period.ts"),
  import("../../lib/billing/line-evidence.ts"),
  import("../../lib/usage/roll-up-usage.ts"),
  import("../../lib/usage/total-usage.ts"),
  import("../../lib/usage/meter-usage.ts"),
]);
const { BUILT_IN_METERS } = await import("../../lib/usage/usage.ts");

// The month before this one is over, and so is its grace from the fourth on.
const month = monthOf((monthSpan(monthOf(Date.now()))?.startAtMs ?? 0) - 1);
const period = monthSpan(month) ?? { startAtMs: 0, endAtMs: 0 };
const events = sessionsOf();
const CARD = cardOf();

const speeds = {
  fromEvents: perSecond(() => {
    simulateInvoice(
      { builtInMeters: BUILT_IN_METERS, totalPeriod: total.totalPeriod },
      { ...events, tenantId: "ten_1", rateCard: CARD },
    );
  }),
  fromHourlyRows: (() => {
    const rows = metering.meterUsage({ ...events, bucket: "hour" });
    return perSecond(() => {
      const used = total.totalUsage(rows, BUILT_IN_METERS);
      ratePeriod(period, [{ card: CARD, period, usage: used }]);
    });
  })(),
};

const rows: (CallCount & { readonly name: string })[] = [];
const counter = countCalls(product.client);
await closeForMeasure();
product.stop();
print();

/** 1,000 sessions of eight hours on 20 resources, one after the other; each changes its levels once. */
function sessionsOf(): MeteringInput {
  const each = Array.from({ length: SESSIONS }, (_, place) => {
    const startedAtMs = period.startAtMs + Math.floor(place / RESOURCES) * 14 * HOUR_MS;
    return { sessionId: `s${place}`, resourceId: `r${place % RESOURCES}`, startedAtMs, place };
  });
  const spans = each.map((one) => ({ ...one, endedAtMs: one.startedAtMs + 8 * HOUR_MS }));
  return {
    ...{ period, meters: BUILT_IN_METERS, bucket: "period" },
    sessions: spans.map(({ sessionId, startedAtMs, endedAtMs, place }) => ({
      ...{ sessionId, userId: `u${place % 50}`, startedAtMs, endedAtMs },
    })),
    attachments: spans.map(({ resourceId, sessionId, startedAtMs, endedAtMs }) => ({
      ...{ resourceId, sessionId, fromAtMs: startedAtMs, toAtMs: endedAtMs },
    })),
    gauges: each.flatMap(({ resourceId, startedAtMs, place }) =>
      METERS.flatMap((meter) =>
        [0, 3].map((hours) => ({
          ...{ id: `g${place}-${meter}-${hours}`, resourceId, meter },
          atMs: startedAtMs + hours * HOUR_MS,
          level: BigInt(2 + hours) * ATTO_PER_UNIT,
        })),
      ),
    ),
    counters: each.map(({ sessionId, resourceId, startedAtMs, place }) => ({
      ...{ id: `n${place}`, resourceId, sessionId, meter: "network", atMs: startedAtMs + HOUR_MS },
      amount: BigInt(place) * ATTO_PER_UNIT,
    })),
  };
}

function cardOf(): RateCard {
  const price = (meter: string, unit: string) =>
    ({ meter, unit, model: "flat", freeAllowance: 0n, unitPrice: ATTO_PER_UNIT / 25n }) as const;
  const tiers = [
    { upTo: 100n * ATTO_PER_UNIT, unitPrice: ATTO_PER_UNIT / 10n, flatFee: 0n },
    { upTo: null, unitPrice: ATTO_PER_UNIT / 20n, flatFee: 0n },
  ];
  return {
    ...{ version: 1, effectiveFromAtMs: 0, currency: "USD", minimumCharge: 0n, taxRate: ATTO_PER_UNIT / 5n },
    meters: [
      ...METERS.map((meter) => price(meter, "hour")),
      { meter: "network", unit: "GiB", model: "graduated", freeAllowance: 0n, tiers },
    ],
  };
}

function perSecond(work: () => void): number {
  const startedAt = performance.now();
  let count = 0;
  for (; performance.now() - startedAt < MEASURE_MS; count++) work();
  return Math.round((count / (performance.now() - startedAt)) * 10_000) / 10;
}

/** Brings the month into the tables, rolls it up, and closes it step by step. */
async function closeForMeasure(): Promise<void> {
  const tenantId = await tenant();
  const ports = billing.closingPorts();
  await cardTable().add(CARD);
  await bringIn(tenantId);
  await measured("rolling the month up, 80 series", async () => {
    await rollUpUsage(usage.usagePorts(), { tenantId });
  });
  const early = { ...ports, now: () => period.endAtMs + HOUR_MS };
  const input = { tenantId, month, period };
  const empty = { ...input, tenantId: await tenant() };
  await measured("a tenant that used nothing", () => closeMonth(early, empty));
  await measured("the draft", () => closeMonth(early, input));
  await measured("the draft again, unchanged", () => closeMonth(early, input));
  const final = await measured("the final invoice", () => closeMonth(ports, input));
  await measured("once more, unchanged", () => closeMonth(ports, input));
  const invoiceId = final.invoice?.id ?? "";
  await measured("reading the invoice", () => ports.invoices.get(tenantId, invoiceId));
  const of = { tenantId, invoiceId, meter: "cpu", limit: 50 };
  await measured("50 sessions of the evidence of a line", () => lineEvidence(billing.evidencePorts(), of));
}

async function tenant(): Promise<string> {
  const email = await product.addTenant();
  const { accountTable } = await import("../../lib/aws/account-table.ts");
  const login = await accountTable().findLogin(email);
  if (login === undefined) throw new Error("The measured tenant is not there.");
  return login.tenantId;
}

async function bringIn(tenantId: string): Promise<void> {
  const { events: eventStore, openSeries } = usage.usagePorts();
  const { attachments, gauges, counters } = events;
  const sessions = events.sessions.map(({ endedAtMs, ...one }) => ({
    ...one,
    endedAtMs: endedAtMs ?? one.startedAtMs,
  }));
  await importSessions(
    {
      tenants: tenantTable(),
      sessions: sessionTable(),
      imports: importTable(),
      announceAttachments: async () => undefined,
      sortKey: (_startedAtMs, material) => material,
      now: Date.now,
    },
    { tenantId, activityId: "act_bench", sessions, attachments },
  );
  const usageEvents = [
    ...gauges.map(
      ({ level, ...one }) => ({ ...one, tenantId, source: "/bench", kind: "gauge", value: level }) as const,
    ),
    ...counters.map(
      ({ amount, ...one }) =>
        ({ ...one, tenantId, source: "/bench", kind: "counter", value: amount }) as const,
    ),
  ];
  for (const event of usageEvents) {
    const hourMs = Math.floor(event.atMs / HOUR_MS) * HOUR_MS;
    // As if announced a while ago: what is announced now is rolled up 20 minutes later.
    await openSeries.touch([{ ...event, hourMs }], Date.now() - HOUR_MS);
    await eventStore.add(event, "req_bench");
  }
}

async function measured<T>(name: string, work: () => Promise<T>): Promise<T> {
  counter.take();
  const result = await work();
  rows.push({ name, ...counter.take() });
  return result;
}

function print(): void {
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify({ sessions: SESSIONS, invoicesPerSecond: speeds, capacity: rows }, null, 2));
    return;
  }
  console.log(`Invoices a second for a month of ${SESSIONS} sessions`);
  console.table(speeds);
  console.table(rows);
}
