/** Row 3: trips in a row and write units of the steps of signing in and going on. */
import { type CallCount, countCalls } from "../count-calls.ts";
import { countedBetterAuth, type StoreCalls } from "../peers/counted-better-auth.ts";
import type { BenchAnswer, BenchProduct } from "../product.ts";
import { type Recorded, recordUnits } from "../record-units.ts";
import { type Row, rounded } from "../row.ts";
import { people } from "./people.ts";

/** Measures each step once: what it asks of the database is the same each time. */
export async function signIn(product: BenchProduct): Promise<readonly Row[]> {
  const calls = await counted(product, countCalls(product.client));
  // Recording reads rows beside each call: what is in a row is counted before.
  const units = await counted(product, recordUnits(product.client));
  const peer = await betterAuthSteps();
  return [
    row("password step", {
      ...{ own: calls.password, units: units.password },
      ...{ peer: peer.signIn, of: "better-auth sign-in" },
    }),
    row("second factor, with its session and records", {
      ...{ own: calls.factor, units: units.factor },
      ...{ peer: peer.signIn, of: "better-auth sign-in" },
    }),
    row("refresh, with its record", {
      ...{ own: calls.refreshed, units: units.refreshed },
      ...{ peer: peer.touch, of: "better-auth touch", writesMax: 1 },
    }),
  ];
}

/** Takes a person of their own through the steps. */
async function counted<T>(product: BenchProduct, counter: { take(): T }) {
  const { login, secondFactor, refresh } = people(product);
  const email = await product.addTenant({}, { totp: true });
  // The first call of each kind in a process also reads what a process keeps.
  await login(email);
  const step = async (work: () => Promise<BenchAnswer>): Promise<readonly [BenchAnswer["body"], T]> => {
    counter.take();
    const { status, body } = await work();
    if (status !== 200) throw new Error(`A step was answered ${status}.`);
    return [body, counter.take()];
  };
  const [asked, password] = await step(() => login(email));
  const [opened, factor] = await step(() => secondFactor(asked.challengeToken));
  const [, refreshed] = await step(() => refresh(opened.refreshToken));
  return { password, factor, refreshed };
}

async function betterAuthSteps(): Promise<{ readonly signIn: StoreCalls; readonly touch: StoreCalls }> {
  const peer = await countedBetterAuth(0);
  peer.take();
  const cookie = await peer.signIn();
  const signIn = peer.take();
  await peer.isLive(cookie);
  return { signIn, touch: peer.take() };
}

interface Compared {
  readonly own: CallCount;
  readonly units: Recorded;
  readonly peer: StoreCalls;
  readonly of: string;
  readonly writesMax?: number;
}

function row(step: string, { own, units, peer, of, writesMax }: Compared): Row {
  const writeUnits = units.spent.reduce((sum, one) => sum + one.writeUnits, 0);
  const isWithin = own.tripsInARow <= 2 && (writesMax === undefined || own.writes <= writesMax);
  return {
    name: `3. ${step}: trips in a row`,
    figure: `${own.tripsInARow} (${own.writes} writes, ${writeUnits} write units with all index entries)`,
    peer: `${of}: ${peer.tripsInARow} (${peer.writes} writes)`,
    ratio: rounded(peer.tripsInARow / own.tripsInARow),
    target: writesMax === undefined ? "≤ 2" : `≤ 2, and ${writesMax} write`,
    limit:
      writesMax === undefined ? "2: whose address it is, and what is theirs" : "1: a write under a condition",
    reached: isWithin,
  };
}
