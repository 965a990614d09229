import type { EpochMs } from "../time.ts";

/** The machine's clock. */
export const systemNow = (): EpochMs => Date.now();
