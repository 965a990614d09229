import { Logger } from "@aws-lambda-powertools/logger";
import { env } from "./env.ts";

const logger = new Logger({ serviceName: "active-session", environment: env.stage });

/** Writes one structured line for each scheduled run and for each event that failed; never what was in it. */
export const eventLog = {
  failed(event: { readonly consumer: string; readonly eventId: string }, cause: unknown): void {
    logger.error("event failed", {
      ...event,
      error: cause instanceof Error ? cause : String(cause),
    });
  },
  ran(run: { readonly schedule: string; readonly period: string; readonly outcome: string }): void {
    logger.info("schedule", run);
  },
};
