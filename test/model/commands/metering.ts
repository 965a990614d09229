import type { ModelCounter, ModelSession } from "../model.ts";
import { livenessOf } from "../model.ts";
import { act, demand, nowOf, type Step, say } from "../run.ts";
import { half, someSession } from "./signing-in.ts";

const BATCH = { "content-type": "application/cloudevents-batch+json" };

/** One event of a batch, and what becomes of it. */
interface Sent {
  readonly id: string;
  readonly counter: ModelCounter;
  readonly is: "new" | "repeated" | "changed" | "foreign";
}

/** Sends amounts of network: new ones, some again, some again with another content, some of another tenant's session. */
export async function ingest(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const session = someSession(step);
  if (session === undefined) return;
  const { home, roles } = session.person;
  const batch = drawBatch(step, session);
  if (batch.length === 0) return;
  const key = half(chance) ? { "idempotency-key": `usage-${run.at}` } : {};
  say(
    step,
    `${session.id} sends ${batch.map(({ is, counter }) => `${is} ${counter.thousandths}`).join(", ")}`,
  );
  const asked = {
    ...({ method: "POST", path: "/v1/usage" } as const),
    ...{ headers: { ...BATCH, ...key }, body: JSON.stringify(batch.map(eventOf)) },
  };
  let told = await act(run, session, { ...asked, faults });
  if (told.is === "over") return;
  const mayIngest = roles.some((role) => role === "owner" || role === "member");
  if (!mayIngest) {
    demand(told.is === "unknown" || told.status === 403, () => `A reader was answered ${told.is}`);
    return;
  }
  const isRepeat = told.is === "unknown";
  // The same again: what was taken counts once. Without its key, which a killed run may hold for a minute.
  if (isRepeat) told = await act(run, session, { ...asked, headers: BATCH });
  if (told.is !== "taken") throw new Error("What is alive at an instant is over at the same.");
  demand(told.status === 202, () => `Usage was answered ${told.status} ${told.text}`);
  const { accepted, duplicates, rejected } = told.body;
  const taken = batch.filter(({ is }) => is === "new").length;
  const again = batch.filter(({ is }) => is === "repeated").length;
  const isCounted = isRepeat
    ? accepted + duplicates === taken + again && accepted <= taken
    : accepted === taken && duplicates === again;
  demand(
    isCounted,
    () => `Of ${taken} new events and ${again} repeated: ${told.is === "taken" && told.text}`,
  );
  demand(
    rejected.length === batch.length - taken - again,
    () => `Rejected were: ${JSON.stringify(rejected)}`,
  );
  for (const { id, counter, is } of batch) if (is === "new") home.counters.set(id, counter);
}

function drawBatch(step: Step, { person: { home } }: ModelSession): readonly Sent[] {
  const { run, chance } = step;
  const nowMs = nowOf(run);
  const alive = home.people
    .flatMap(({ sessions }) => sessions)
    .filter((one) => livenessOf(one, nowMs) === "alive");
  const resources = home.resources.filter(({ state }) => state !== "deleted");
  const foreign = run.tenants
    .filter((other) => other !== home)
    .flatMap(({ people }) => people.flatMap(({ sessions }) => sessions));
  return Array.from({ length: 1 + chance.below(4) }, (_, index): Sent | undefined => {
    const session = chance.pick(alive);
    const resource = chance.pick(resources);
    const known = chance.pick([...home.counters]);
    const is = chance.weighted([
      [6, "new"],
      [2, "repeated"],
      [1, "changed"],
      [1, "foreign"],
    ] as const);
    if (is === "repeated" || is === "changed") {
      if (known === undefined) return undefined;
      const [id, counter] = known;
      return {
        id,
        is,
        counter: is === "changed" ? { ...counter, thousandths: counter.thousandths + 1 } : counter,
      };
    }
    const of = is === "foreign" ? chance.pick(foreign) : session;
    if (of === undefined || session === undefined || resource === undefined) return undefined;
    const atMs = nowMs - chance.below(Math.min(nowMs - session.createdAtMs + 1, 3_600_000));
    const counter = { sessionId: of.id, resourceId: resource.id, atMs, thousandths: chance.below(20_000) };
    return { id: `u-${run.at}-${index}`, is, counter };
  })
    .filter((sent) => sent !== undefined)
    .filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index);
}

function eventOf({ id, counter }: Sent): object {
  const { sessionId, resourceId, atMs, thousandths } = counter;
  return {
    ...{ specversion: "1.0", id, source: "/model", type: "usage.network", subject: resourceId },
    time: new Date(atMs).toISOString(),
    data: {
      sessionId,
      value: `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, "0")}`,
    },
  };
}
