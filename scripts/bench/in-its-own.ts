import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Contender } from "./interleave.ts";

/** A module of `contenders/`, which is measured in a process of its own. */
export interface ContenderModule {
  /** Makes ready, and gives the work; lines that it gives back are what it came to. */
  readonly prepare: () => Promise<() => Promise<unknown>>;
}

/** What a process says of what it has just done. */
export interface Told {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** The most memory that the process ever had. */
  readonly peakBytes: number;
  readonly result: readonly string[];
}

/** Whether work is measured by the CPU that it takes, or by the time that it takes. */
export interface HowMeasured {
  readonly clock: "cpu" | "wall";
  /** What the process is told to work on. */
  readonly file?: string;
}

/** A contender in a process of its own. */
export interface OwnProcess extends Contender {
  /** What it said last. */
  readonly last: () => Told | undefined;
  readonly stop: () => void;
}

/**
 * Work that is done in a process of its own, asked for in turn with that of others: in one process, what one leaves
 * behind in the heap and the compiler's decisions slows the other down.
 */
export function inItsOwn(
  name: string,
  module: string,
  { clock, file }: HowMeasured = { clock: "cpu" },
): OwnProcess {
  const script = fileURLToPath(new URL("contender.ts", import.meta.url));
  const child = fork(script, [module, ...(file === undefined ? [] : [file])]);
  const ended = new Promise<never>((_, reject) => {
    child.once("exit", () => reject(new Error(`The measured process of ${name} ended.`)));
  });
  // It ends in the end: only while it is asked is that a failure.
  ended.catch(() => undefined);
  let last: Told | undefined;
  return {
    name,
    tookMs: async (times) => {
      const told = new Promise<Told>((resolve) => child.once("message", resolve as (told: unknown) => void));
      child.send(times);
      last = await Promise.race([told, ended]);
      return clock === "cpu" ? last.cpuMs : last.wallMs;
    },
    last: () => last,
    stop: () => child.kill(),
  };
}
