/** Row 9: what its activity record adds to a request. */
import { type CallCount, countCalls } from "../count-calls.ts";
import type { BenchProduct } from "../product.ts";
import type { Row } from "../row.ts";
import { people } from "./people.ts";

/** Looks at a read, whose record is a write by itself, and at a change, which has it in its own transaction. */
export async function record(product: BenchProduct): Promise<readonly Row[]> {
  const { activityTable } = (await import("../../../lib/aws/env.ts")).env;
  const all = countCalls(product.client);
  const others = countCalls(
    product.client,
    (input) => !("TableName" in input && input.TableName === activityTable),
  );
  const { login, current, refresh } = people(product);
  const { accessToken, refreshToken } = (await login(await product.addTenant())).body;
  await current(accessToken);
  const counted = async (work: () => Promise<unknown>): Promise<{ all: CallCount; others: CallCount }> => {
    all.take();
    others.take();
    await work();
    return { all: all.take(), others: others.take() };
  };
  const read = await counted(() => current(accessToken));
  const change = await counted(() => refresh(refreshToken));
  const units = ({ all }: typeof read) => all.unitsOf[activityTable] ?? 0;
  return [
    row("a read", { ...read, units: units(read) }),
    row("a change, in whose transaction it is", { ...change, units: units(change) }),
  ];
}

interface Added {
  readonly all: CallCount;
  readonly others: CallCount;
  readonly units: number;
}

function row(what: string, { all, others, units }: Added): Row {
  const trips = all.tripsInARow - others.tripsInARow;
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
