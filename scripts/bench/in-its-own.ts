import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Contender } from "./interleave.ts";

/** A module of `contenders/`, which is measured in a process of its own. */
export interface ContenderModule {
  /** Makes ready, and gives the work. */
  readonly prepare: () => Promise<() => Promise<unknown>>;
}

/** A contender in a process of its own, and how to end it. */
export interface OwnProcess extends Contender {
  readonly stop: () => void;
}

/**
 * Work that is done in a process of its own, asked for in turn with that of others: in one process, what one leaves
 * behind in the heap and the compiler's decisions slows the other down. Its milliseconds are those of the CPU.
 */
export function inItsOwn(name: string, module: string): OwnProcess {
  const child = fork(fileURLToPath(new URL("contender.ts", import.meta.url)), [module]);
  const ended = new Promise<never>((_, reject) => {
    child.once("exit", () => reject(new Error(`The measured process of ${name} ended.`)));
  });
  // It ends in the end: only while it is asked is that a failure.
  ended.catch(() => undefined);
  const answered = () => new Promise<number>((resolve) => child.once("message", (ms) => resolve(Number(ms))));
  return {
    name,
    tookMs: async (times) => {
      child.send(times);
      return await Promise.race([answered(), ended]);
    },
    stop: () => child.kill(),
  };
}
