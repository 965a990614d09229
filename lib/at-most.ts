/**
 * Lets at most `limit` pieces of work be under way at once; the others begin in the order in which they came. Unlike a
 * list that is worked off, it takes what comes up on the way.
 */
export function atMost(limit: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (underWay < limit) underWay += 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await work();
    } finally {
      const begin = waiting.shift();
      // Who waits takes the place over.
      if (begin === undefined) underWay -= 1;
      else begin();
    }
  };
}
