import { AppError } from "../errors.ts";

/** Attempts against others who change the same document at the same time. */
const ATTEMPTS = 8;

/**
 * Changes a document that others may be changing too: reads, decides and writes again until nobody was quicker.
 * `attempt` answers `undefined` where somebody was.
 * @throws AppError `conflict`
 */
export async function rewrite<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 1; count <= ATTEMPTS; count++) {
    const done = await attempt();
    if (done !== undefined) return done;
  }
  throw new AppError("conflict", "Others are changing this all the time: try again.");
}

/** Holds a document to the version that the client has seen, where it said one. @throws AppError `precondition.failed` */
export function checkVersion(document: { readonly version: number }, expected: number | undefined): void {
  if (expected === undefined || expected === document.version) return;
  throw new AppError("precondition.failed", "The document has changed since you read it: read it again.");
}
