import { setTimeout as wait } from "node:timers/promises";

const LOOK_EVERY_MS = 50;

/** Who has not come to stand still by then waits for something else, such as the next code of a person's app. */
const GATHERED_WITHIN_MS = 5000;

/** What follows from the last requests is done by then, in the streams too. */
const SETTLED_AFTER_MS = 2000;

/** Moments in which nobody works, so that it can be seen what stays once nothing is under way. */
export interface Rests {
  /** One worker's work from its beginning to its end. */
  atWork<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Where a worker stands still while the others rest. */
  stand(): Promise<void>;
  /** Lets everybody rest while something is looked at. */
  during(look: () => Promise<void>): Promise<void>;
}

/** Makes the rests of one soak. */
export function rests(): Rests {
  let rest: PromiseWithResolvers<void> | undefined;
  let workers = 0;
  let standing = 0;
  return {
    atWork: async (work) => {
      workers += 1;
      try {
        return await work();
      } finally {
        workers -= 1;
      }
    },
    stand: async () => {
      if (rest === undefined) return;
      standing += 1;
      await rest.promise;
      standing -= 1;
    },
    during: async (look) => {
      rest = Promise.withResolvers();
      try {
        const latestMs = Date.now() + GATHERED_WITHIN_MS;
        while (standing < workers && Date.now() < latestMs) await wait(LOOK_EVERY_MS);
        await wait(SETTLED_AFTER_MS);
        await look();
      } finally {
        rest.resolve();
        rest = undefined;
      }
    },
  };
}
