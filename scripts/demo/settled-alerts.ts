import { setTimeout as wait } from "node:timers/promises";
import type { ApiAnswer, ApiSession } from "./api.ts";

const LOOK_EVERY_MS = 1000;
const STILL_LOOKS = 10;
const LOOKS_MAX = 90;

/** The alerts of a session's tenant, once what it has on record has been looked through: they stand still for 10 s. */
export async function settledAlerts(session: ApiSession): Promise<ApiAnswer["body"][]> {
  let before = "";
  let still = 0;
  for (let look = 0; look < LOOKS_MAX; look++) {
    const alerts = await session.all("/v1/alerts");
    const now = JSON.stringify(alerts);
    still = now === before ? still + 1 : 0;
    if (alerts.length > 0 && still >= STILL_LOOKS) return alerts;
    before = now;
    await wait(LOOK_EVERY_MS);
  }
  return await session.all("/v1/alerts");
}
