/**
 * `npm run scale`: what a load of 10 million active sessions, 100,000 tenants and 1 million usage events a second asks of
 * every key, table, stream and quota, by the product's own key functions and by units counted on DynamoDB Local; and what
 * breaks first. `-- --json` prints JSON; otherwise the tables go to standard output and into `docs/scale.md`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { countActions } from "./scale/count-actions.ts";

const PAGE = "docs/scale.md";
const MARKS = /(<!-- figures -->\n).*(\n<!-- end of figures -->)/s;
/** The part of a second that is drawn, and how many records of the log: some 300,000 keys. */
const SECONDS = 0.25;
const RECORDS = 30_000;

const asJson = process.argv.includes("--json");
if (!asJson) console.error("counting on DynamoDB Local …");
const counts = await countActions();
// Only now: what these import reads the environment.
const [{ simulate }, { follow }, { LOAD }, { figuresOf, tablesOf }] = await Promise.all([
  import("./scale/simulate.ts"),
  import("./scale/follow.ts"),
  import("./scale/load.ts"),
  import("./scale/report.ts"),
]);
if (!asJson) console.error("simulating …");
const simulated = simulate(counts.actions, { load: LOAD, seconds: SECONDS });
const followed = follow(counts, { load: LOAD, draws: RECORDS });
const run = { load: LOAD, counts, simulated, followed };
if (asJson) console.log(JSON.stringify(figuresOf(run), null, 2));
else {
  const tables = tablesOf(run);
  console.log(tables);
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(
    PAGE,
    page.replace(MARKS, (_, begin: string, end: string) => `${begin}\n${tables}\n${end}`),
  );
}
