import { type RunOptions, type RunOutcome, runSeed } from "./run-seed.ts";
import type { Stage } from "./world.ts";

/** Runs that looking for a smaller failure may take. */
const RUNS_MAX = 60;

/** A failed run, and the options that it failed under. */
export interface Failure {
  readonly options: RunOptions;
  readonly outcome: RunOutcome;
}

/**
 * Leaves out commands, first many at once and then fewer, as long as the run still fails. The commands that stay draw the
 * same as before, but may find another state to do it in: what is left is a failure by itself.
 */
export async function shrink(stage: Stage, failure: Failure): Promise<Failure> {
  const { failedAt = 0 } = failure.outcome;
  let smallest = failure;
  let only = Array.from({ length: Math.min(failedAt + 1, failure.options.commands) }, (_, at) => at);
  let runs = 0;
  for (let size = Math.ceil(only.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < only.length && runs < RUNS_MAX; runs++) {
      const left = [...only.slice(0, from), ...only.slice(from + size)];
      const options = { ...failure.options, only: left };
      const outcome = await runSeed(stage, options);
      if (outcome.error === undefined) {
        from += size;
        continue;
      }
      only = left;
      smallest = { options, outcome };
    }
  }
  return smallest;
}
