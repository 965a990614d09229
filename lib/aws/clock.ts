import { setTimeout } from "node:timers/promises";
import type { EpochMs } from "../time.ts";

/** The machine's clock. */
export const systemNow = (): EpochMs => Date.now();

/** Waits, by the machine's clock. */
export const systemPause = async (ms: number): Promise<void> => {
  await setTimeout(ms);
};
