import { afterAll, describe, expect, test } from "@jest/globals";
import { describeFailure } from "./report.ts";
import { type RunOptions, runSeed } from "./run-seed.ts";
import { shrink } from "./shrink.ts";
import { openStage } from "./world.ts";

/** What `npm run model` asks for (`scripts/model.ts`), as `RunOptions` and how many seeds from that one on. */
const asked = process.env["MODEL"];

const stage = await openStage();
afterAll(() => stage.stop());

if (asked === undefined)
  describe("a run of random commands under faults agrees with the contract", () => {
    test.each([1, 2, 3])("with the seed %i", async (seed) => {
      const options = { seed, commands: 50 };
      const outcome = await runSeed(stage, options);
      expect(outcome.error === undefined ? "" : describeFailure(options, outcome)).toBe("");
    });
  });
else
  test("the runs that were asked for agree with the contract", async () => {
    const { seeds, ...first }: RunOptions & { readonly seeds: number } = JSON.parse(asked);
    const failures: string[] = [];
    for (let seed = first.seed; seed < first.seed + seeds; seed++) {
      const startedAtMs = performance.now();
      const before = process.cpuUsage();
      const options = { ...first, seed };
      const outcome = await runSeed(stage, options);
      const tookMs = Math.round(performance.now() - startedAtMs);
      const cpuMs = Math.round(process.cpuUsage(before).user / 1000);
      const { error, requests, unknown } = outcome;
      const verdict = error === undefined ? "agrees" : "FAILS";
      process.stdout.write(
        `seed ${seed} ${verdict}: ${requests} requests, ${unknown} lost, ${tookMs} ms, ${cpuMs} of them at work\n`,
      );
      if (error === undefined) continue;
      const failure = { options, outcome };
      const shown = seeds === 1 && options.only === undefined ? await shrink(stage, failure) : failure;
      process.stdout.write(`${describeFailure(shown.options, shown.outcome)}\n`);
      failures.push(`seed ${seed}: ${error.message}`);
    }
    expect(failures).toEqual([]);
  }, 86_400_000);
