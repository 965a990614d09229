/**
 * `npm run model`: random commands of several tenants under faults, held to a model of the contract (test/model/README.md).
 * A seed decides all of a run. `-- --seed 1234` does one again; `-- --seeds 500 --commands 200 --from 1` does many, in as
 * many processes as `--workers` says (default 2). `--only 3,17` leaves all other commands out.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    commands: { type: "string", default: "200" },
    only: { type: "string" },
    workers: { type: "string", default: "2" },
  },
});

const from = whole("seed", values.seed ?? values.from);
const seeds = whole("seeds", values.seeds);
const commands = whole("commands", values.commands);
const only = values.only?.split(",").map((number) => whole("only", number));
const workers = Math.min(seeds, whole("workers", values.workers));

/** DynamoDB Local keeps ten threads for each database that it ever had, and slows down with every seed. */
const SEEDS_A_PROCESS = 20;

let next = from;
let isFailed = false;
await Promise.all(Array.from({ length: workers }, work));
process.exitCode = isFailed ? 1 : 0;

async function work(): Promise<void> {
  while (next < from + seeds) {
    const seed = next;
    next = Math.min(from + seeds, seed + Math.min(SEEDS_A_PROCESS, Math.ceil(seeds / workers)));
    const status = await run({ seed, seeds: next - seed, commands, ...(only && { only }) });
    if (status !== 0) isFailed = true;
  }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number, not ${text}.`);
  return Number(text);
}

/** Runs seeds one after the other in a process and with a DynamoDB Local of their own. */
async function run(asked: object): Promise<number | null> {
  const jest = spawn("npm", ["test", "--silent", "--", "test/model/model.test.ts"], {
    env: { ...process.env, MODEL: JSON.stringify(asked) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [status]: (number | null)[] = await once(jest, "exit");
  return status ?? null;
}
