/** One module of `rows/` in a process of its own: what one leaves behind in memory weighs on no other. */
import { writeSync } from "node:fs";
import type { RowModule } from "./row.ts";

/** The pipe that `scripts/bench.ts` reads. */
const ROWS_FD = 3;

const { measure } = (await import(`./rows/${process.argv[2]}.ts`)) as RowModule;
writeSync(ROWS_FD, JSON.stringify(await measure()));
process.exit();
