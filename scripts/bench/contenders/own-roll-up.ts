import { closeSync, openSync, readSync } from "node:fs";
import { sumUsageFile } from "../../../lib/usage/sum-usage-file.ts";
import { usageFile } from "./roll-up-of.ts";

const CHUNK_BYTES = 1 << 20;

/** The product's own roll-up of a file. */
export async function prepare(): Promise<() => Promise<readonly string[]>> {
  return async () => {
    const summation = sumUsageFile();
    const file = openSync(usageFile(), "r");
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const length = readSync(file, chunk);
      if (length === 0) break;
      summation.add(chunk.subarray(0, length));
    }
    closeSync(file);
    return summation.sums().map(({ key, microUnits }) => `${key},${microUnits}`);
  };
}
