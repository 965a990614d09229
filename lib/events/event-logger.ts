/** Writes the service's own log of what came without a request: stream records and scheduled runs. */
export interface EventLogger {
  /** An event could not be worked off. It comes again, and ends in the dead-letter queue if it never can be. */
  failed(event: { readonly consumer: string; readonly eventId: string }, cause: unknown): void;
  /** A scheduled run did its work, or left it to the run that holds the lease or has finished. */
  ran(run: { readonly schedule: string; readonly period: string; readonly outcome: string }): void;
}
