/** A process of its own for one of those that are measured: told how often, it answers how many milliseconds of CPU that took. */
import type { ContenderModule } from "./in-its-own.ts";

/** Done together, so that what waits for the event loop's next turn waits for many. */
const AT_ONCE = 100;

const { prepare } = (await import(`./contenders/${process.argv[2]}.ts`)) as ContenderModule;
const work = await prepare();

process.on("message", async (times: number) => {
  const before = process.cpuUsage();
  for (let done = 0; done < times; done += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, times - done) }, work));
  }
  const { user, system } = process.cpuUsage(before);
  process.send?.((user + system) / 1000);
});
