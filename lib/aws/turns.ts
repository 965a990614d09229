import type { InTurn } from "../session/start-session.ts";

/** Lets work of one key be done one piece after the other, in the order in which it came, within this process. */
export function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key);
    const own = before === undefined ? work(false) : before.then(() => work(true));
    const done = own.catch(() => undefined);
    last.set(key, done);
    try {
      return await own;
    } finally {
      if (last.get(key) === done) last.delete(key);
    }
  };
}
