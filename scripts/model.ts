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

const statuses = await Promise.all(
  Array.from({ length: workers }, async (_, worker) => {
    const first = from + Math.floor((seeds * worker) / workers);
    const next = from + Math.floor((seeds * (worker + 1)) / workers);
    return await run({ seed: first, seeds: next - first, commands, ...(only && { only }) });
  }),
);
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number, not ${text}.`);
  return Number(text);
}

/** Runs seeds one after the other in a process of their own, with a DynamoDB Local of its own. */
async function run(asked: object): Promise<number | null> {
  const jest = spawn("npm", ["test", "--silent", "--", "test/model/model.test.ts"], {
    env: { ...process.env, MODEL: JSON.stringify(asked) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [status]: (number | null)[] = await once(jest, "exit");
  return status ?? null;
}
