/** Row 9: what its activity record adds to a request. */
import { countCalls } from "../count-calls.ts";
import type { BenchAnswer, BenchProduct } from "../product.ts";
import { recordUnits, tableName } from "../record-units.ts";
import type { Row } from "../row.ts";
import { people } from "./people.ts";

/** Looks at a read, whose record is a write by itself, and at a change, which has it in its own transaction. */
export async function record(product: BenchProduct): Promise<readonly Row[]> {
  const all = countCalls(product.client);
  const others = countCalls(
    product.client,
    (input) => !("TableName" in input && input.TableName === tableName("activity")),
  );
  const { login, current, refresh } = people(product);
  const { accessToken, refreshToken } = (await login(await product.addTenant())).body;
  await current(accessToken);
  let successor = refreshToken;
  const change = async (): Promise<BenchAnswer> => {
    const answer = await refresh(successor);
    successor = answer.body.refreshToken;
    return answer;
  };
  const trips = async (work: () => Promise<BenchAnswer>): Promise<number> => {
    all.take();
    others.take();
    await work();
    return all.take().tripsInARow - others.take().tripsInARow;
  };
  const tripsOfRead = await trips(() => current(accessToken));
  const tripsOfChange = await trips(change);
  // Recording reads rows beside each call: what is in a row is counted before.
  const units = recordUnits(product.client);
  const unitsOf = async (work: () => Promise<BenchAnswer>): Promise<number> => {
    units.take();
    const { status } = await work();
    if (status !== 200) throw new Error(`A counted request was answered ${status}.`);
    const ofLog = units.take().spent.filter(({ table }) => table === tableName("activity"));
    return ofLog.reduce((sum, { writeUnits }) => sum + writeUnits, 0);
  };
  return [
    row("a read", { trips: tripsOfRead, units: await unitsOf(() => current(accessToken)) }),
    row("a change, in whose transaction it is", {
      trips: tripsOfChange,
      units: await unitsOf(change),
    }),
  ];
}

function row(what: string, { trips, units }: { readonly trips: number; readonly units: number }): Row {
  return {
    name: `9. what its activity record adds to ${what}`,
    figure: `${trips} trip${trips === 1 ? "" : "s"} in a row, ${units} write units with its index entries`,
    peer: null,
    ratio: null,
    target: "no trip in a row; ≤ 2 write units",
    limit: "1 unit",
    reached: trips === 0 && units <= 2,
  };
}
