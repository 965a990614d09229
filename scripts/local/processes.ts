import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const END_DEADLINE_MS = 2000;

/** The children of a launcher, none of which outlives it. */
export interface Processes {
  /** Takes a child on: when it ends by itself, `failure` rejects with this line. */
  adopt(child: ChildProcess, failureLine: string): void;
  /** Rejects when a child ended that should not have. */
  readonly failure: Promise<never>;
  /** Ends them all, the last started first, and comes back when they are gone. */
  end(): Promise<void>;
}

/** No children yet. Whatever way this process exits, they go with it. */
export function ownedProcesses(): Processes {
  const children: ChildProcess[] = [];
  const { promise: failure, reject } = Promise.withResolvers<never>();
  failure.catch(() => undefined);
  let ending = false;
  process.once("exit", () => {
    for (const child of children) child.kill("SIGKILL");
  });
  return {
    failure,
    adopt(child, failureLine) {
      children.push(child);
      const onEnd = () => {
        if (!ending) reject(new Error(failureLine));
      };
      child.once("exit", onEnd).once("error", onEnd);
    },
    async end() {
      ending = true;
      for (const child of children.toReversed()) await endChild(child);
    },
  };
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), END_DEADLINE_MS);
  await ended;
  clearTimeout(impatience);
}
