/** A process of its own for one of those that are measured: told how often, it answers what that took. */
import type { ContenderModule, Told } from "./in-its-own.ts";

/** Done together, so that what waits for the event loop's next turn waits for many. */
const AT_ONCE = 100;

const { prepare } = (await import(`./contenders/${process.argv[2]}.ts`)) as ContenderModule;
const work = await prepare();

process.on("message", async (times: number) => {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let last: unknown;
  for (let done = 0; done < times; done += AT_ONCE) {
    const together = Array.from({ length: Math.min(AT_ONCE, times - done) }, work);
    last = (await Promise.all(together)).at(-1);
  }
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  const told: Told = {
    cpuMs: (user + system) / 1000,
    wallMs,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    result: Array.isArray(last) ? last.map(String) : [],
  };
  process.send?.(told);
});
