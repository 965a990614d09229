import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Decimal } from "decimal.js";
import { usageFile } from "./roll-up-of.ts";

/** What one would write first: a decimal for each key, and each line added to its own. */
export async function prepare(): Promise<() => Promise<readonly string[]>> {
  return async () => {
    const sums = new Map<string, Decimal>();
    for await (const line of createInterface({ input: createReadStream(usageFile()) })) {
      const fields = line.split(",");
      const key = `${fields[4]},${fields[5]}`;
      sums.set(key, (sums.get(key) ?? new Decimal(0)).plus(fields[6] ?? "0"));
    }
    return [...sums].map(([key, sum]) => `${key},${sum.times(1_000_000).toFixed(0)}`);
  };
}
