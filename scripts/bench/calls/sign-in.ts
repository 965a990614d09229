/** Row 3: trips in a row and write units of the steps of signing in and going on. */
import { type CallCount, countCalls } from "../count-calls.ts";
import { countedBetterAuth, type StoreCalls } from "../peers/counted-better-auth.ts";
import type { BenchProduct } from "../product.ts";
import { type Row, rounded } from "../row.ts";
import { people } from "./people.ts";

/** Measures each step once: what it asks of the database is the same each time. */
export async function signIn(product: BenchProduct): Promise<readonly Row[]> {
  const counter = countCalls(product.client);
  const { login, secondFactor, refresh } = people(product);
  const counted = async <T>(work: () => Promise<T>): Promise<[T, CallCount]> => {
    counter.take();
    const result = await work();
    return [result, counter.take()];
  };
  const email = await product.addTenant({}, { totp: true });
  // The first call of each kind in a process also reads what a process keeps.
  await login(email);
  const [asked, password] = await counted(() => login(email));
  const [opened, factor] = await counted(() => secondFactor(asked.body.challengeToken));
  const [next, refreshed] = await counted(() => refresh(opened.body.refreshToken));
  if (next.status !== 200) throw new Error(`The refresh was answered ${next.status}.`);
  const peer = await betterAuthSteps();
  return [
    row("password step", { own: password, peer: peer.signIn, of: "better-auth sign-in" }),
    row("second factor, with its session and records", {
      own: factor,
      peer: peer.signIn,
      of: "better-auth sign-in",
    }),
    row("refresh, with its record", {
      own: refreshed,
      peer: peer.touch,
      of: "better-auth touch",
      writesMax: 1,
    }),
  ];
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
  readonly peer: StoreCalls;
  readonly of: string;
  readonly writesMax?: number;
}

function row(step: string, { own, peer, of, writesMax }: Compared): Row {
  const isWithin = own.tripsInARow <= 2 && (writesMax === undefined || own.writes <= writesMax);
  return {
    name: `3. ${step}: trips in a row`,
    figure: `${own.tripsInARow} (${own.writes} writes, ${own.writeUnits} write units with all index entries)`,
    peer: `${of}: ${peer.tripsInARow} (${peer.writes} writes)`,
    ratio: rounded(peer.tripsInARow / own.tripsInARow),
    target: writesMax === undefined ? "≤ 2" : `≤ 2, and ${writesMax} write`,
    limit:
      writesMax === undefined ? "2: whose address it is, and what is theirs" : "1: a write under a condition",
    reached: isWithin,
  };
}
