import type { RunOptions, RunOutcome } from "./run-seed.ts";

/** Says how a run failed: what was done until then, what was wrong, and the line that does the same again. */
export function describeFailure(options: RunOptions, { seed, failedAt = 0, error, log }: RunOutcome): string {
  // What comes after the command that failed does nothing for it.
  const commands = Math.min(options.commands, failedAt + 1);
  const only = options.only === undefined ? "" : ` --only ${options.only.join(",")}`;
  return [
    ...log,
    `seed ${seed} failed ${failedAt === options.commands ? "in the end" : `at command ${failedAt}`}:`,
    error?.stack ?? "",
    "To do it again:",
    `  npm run model -- --seed ${seed} --commands ${commands}${only}`,
  ].join("\n");
}
