import { afterAll, afterEach, describe, expect, jest, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { billingClient, type July, send, usageEvent } from "./billing-client.ts";
import { type ModelMonth, modelCents, randomModelMonth } from "./month-model.ts";

const app = await startApp({ now: "2026-11-20T09:00:00.000Z" });
afterAll(() => app.stop());

const { july } = await billingClient(app);
const { closingPorts } = await import("../../../lib/aws/billing-ports.ts");
const { dynamoClient } = await import("../../../lib/aws/dynamo-client.ts");
const { closeMonth } = await import("../../../lib/billing/close-month.ts");
const { monthSpan } = await import("../../../lib/time.ts");

const client = dynamoClient();
afterEach(() => {
  jest.restoreAllMocks();
});

type Command = Parameters<typeof client.send>[0];

/** Every call to the database goes through here: `before` and `after` may throw, and the process is gone. */
function watchCalls({ before, after }: Record<"before" | "after", (command: Command) => void>) {
  const real = client.send.bind(client) as (command: Command) => Promise<unknown>;
  const send = async (command: Command) => {
    before(command);
    const answer = await real(command);
    after(command);
    return answer;
  };
  return jest.spyOn(client, "send").mockImplementation(send as never);
}

/** Kills a run at its nth call: before it has had its effect, or after, when its answer is lost. */
function killAt(nth: number, when: "before" | "after") {
  let calls = 0;
  const die = () => {
    if (calls >= nth) throw new Error("killed");
  };
  return watchCalls({
    before: () => {
      calls += 1;
      if (when === "before") die();
    },
    after: () => {
      if (when === "after") die();
    },
  });
}

async function close(tenantId: string, month: string): Promise<"done" | "killed"> {
  const period = monthSpan(month);
  if (period === undefined) throw new Error(`${month} is not a month.`);
  app.clock.advance(1);
  try {
    await closeMonth(closingPorts(), { tenantId, month, period });
    return "done";
  } catch (thrown) {
    if (thrown instanceof Error && thrown.message === "killed") return "killed";
    throw thrown;
  }
}

/** A run makes some 20 calls: some come to their end before they are killed. */
const CALLS = 24;

/** Closes a month with a run that is killed on the way, now and then beside another one that is not. */
async function closeKilled(tenantId: string, month: string, random: (below: number) => number) {
  const kill = killAt(1 + random(CALLS), random(2) === 0 ? "before" : "after");
  const outcome = await close(tenantId, month);
  kill.mockRestore();
  if (random(5) === 0) await Promise.all([close(tenantId, month), close(tenantId, month)]);
  return outcome;
}

const MONTHS = ["2023-07", "2023-08", "2023-09", "2023-10", "2023-11"];

/** Brings the tenant's months in. */
async function bringIn({ tenant, operator, owner }: July, months: ReadonlyMap<string, ModelMonth>) {
  const iso = (atMs: number) => new Date(atMs).toISOString();
  const sessions = [...months].map(([month, { startedAtMs, endedAtMs }]) => ({
    ...{ id: `s-${month}`, userId: "ann", startedAt: iso(startedAtMs), endedAt: iso(endedAtMs) },
  }));
  const attachments = sessions.map(({ id, startedAt, endedAt }) => ({
    ...{ resourceId: `r-${id}`, sessionId: id, from: startedAt, to: endedAt },
  }));
  const body = { tenantId: tenant.id, sessions, attachments };
  await operator.request("POST", "/v1/sessions/import", { body });
  for (const [month, { startedAtMs, levels, milliGiB }] of months) {
    const subject = `r-s-${month}`;
    const events = [
      ...levels.map(({ atMs, vcpus }) =>
        usageEvent(`${month}-g${atMs}`, "cpu", { at: iso(atMs), value: String(vcpus) }),
      ),
      ...milliGiB.map((amount, place) => networkEvent(month, { startedAtMs, place, amount })),
    ];
    if (events.length > 0) await send(owner, ...events.map((event) => ({ ...event, subject })));
  }
}

function networkEvent(
  month: string,
  { startedAtMs, place, amount }: Record<"startedAtMs" | "place" | "amount", number>,
) {
  const at = new Date(startedAtMs + place).toISOString();
  const value = (amount / 1000).toFixed(3);
  const event = usageEvent(`${month}-n${place}`, "network", { at, value, sessionId: `s-${month}` });
  return { ...event, subject: `r-s-${month}` };
}

interface Document {
  readonly number: string;
  readonly month: string;
  readonly type: string;
  readonly status: string;
  readonly total: string;
}

async function documentsOf({ tenant }: July): Promise<readonly Document[]> {
  const owner = await app.signIn(tenant.owner);
  return (await owner.request("GET", "/v1/invoices?limit=200")).body.items;
}

const cents = (documents: readonly Document[]) =>
  documents.reduce((sum, { total }) => sum + BigInt(total.replace(".", "")), 0n);

describe("200 runs that are killed anywhere", () => {
  test.each([1, 2, 3, 4])(
    "leave one invoice a month, equal to the model to the cent, and no gap in the numbers (seed %i)",
    async (seed) => {
      const random = seededRandom(seed);
      const month = await july();
      const tenantId = month.tenant.id;
      const model = new Map(MONTHS.map((name) => [name, randomModelMonth(name, random)]));
      await bringIn(month, model);
      const outcomes = new Set<string>();
      for (const name of MONTHS) {
        for (let kill = 0; kill < 6; kill += 1) outcomes.add(await closeKilled(tenantId, name, random));
        await close(tenantId, name);
        const used = model.get(name);
        if (used === undefined) continue;
        const late = {
          startedAtMs: used.startedAtMs,
          place: used.milliGiB.length,
          amount: 1 + random(90_000),
        };
        await send(month.owner, networkEvent(name, late));
        model.set(name, { ...used, milliGiB: [...used.milliGiB, late.amount] });
        for (let kill = 0; kill < 4; kill += 1) outcomes.add(await closeKilled(tenantId, name, random));
        await close(tenantId, name);
      }
      const documents = await documentsOf(month);
      for (const [name, used] of model) {
        const ofMonth = documents.filter((document) => document.month === name);
        expect([name, cents(ofMonth)]).toEqual([name, modelCents(used)]);
        expect(ofMonth.filter(({ type }) => type === "regular").length).toBeLessThanOrEqual(1);
      }
      const numbers = documents.map(({ number }) => number).sort();
      expect(numbers).toEqual(documents.map((_, place) => `INV-${String(place + 1).padStart(6, "0")}`));
      expect(outcomes).toEqual(new Set(["done", "killed"]));
    },
  );
});

describe("a tenant whose month cannot be closed", () => {
  test("holds up no other, and is closed as soon as it can be", async () => {
    const tenants = [await july(), await july(), await july()];
    for (const { owner } of tenants) {
      await send(owner, usageEvent("n1", "network", { at: "2023-07-10T10:00:00Z", value: "10" }));
    }
    app.clock.advance(2 * 3_600_000);
    await app.invoke("rollUpUsage", {});
    const ill = tenants[1]?.tenant.id ?? "";
    const failing = watchCalls({
      before: (command) => {
        if (JSON.stringify(command.input).includes(`${ill}#months`) && "Key" in command.input) {
          throw new Error("The row cannot be read.");
        }
      },
      after: () => undefined,
    });
    await app.invoke("closeMonth", {});
    await expect(app.deliverStreams()).rejects.toThrow("doBillingChores reported failures");
    failing.mockRestore();
    const totals = async () => {
      const found = await Promise.all(tenants.map((tenant) => documentsOf(tenant)));
      return found.map((documents) => documents.map(({ total }) => total));
    };
    expect(await totals()).toEqual([["0.90"], [], ["0.90"]]);
    app.clock.advance(3_600_000);
    await app.invoke("closeMonth", {});
    await app.deliverStreams();
    expect(await totals()).toEqual([["0.90"], ["0.90"], ["0.90"]]);
  });
});
