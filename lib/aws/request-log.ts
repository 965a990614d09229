import { Logger } from "@aws-lambda-powertools/logger";
import { env } from "./env.ts";

/** One request, as the service's own log has it: never a token, a code, a password or an address. */
interface RequestEntry {
  readonly status: number;
}

const logger = new Logger({ serviceName: "active-session", environment: env.stage });

/** Writes one structured line for each request; a defect adds its cause. */
export const requestLog = {
  request(line: RequestEntry, cause?: unknown): void {
    const fields = { ...line };
    if (cause instanceof Error) logger.error("request", { ...fields, error: cause });
    else if (cause !== undefined) logger.error("request", { ...fields, error: String(cause) });
    else logger.info("request", fields);
  },
};
