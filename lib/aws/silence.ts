import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** As long as a client that is told `unavailable` waits before it comes back. */
const QUIET_MS = 1000;

/** A call that has been tried for so long is not tried again: whoever waits for it is to know within 5 s. */
const TRIED_FOR_MS = 3500;

/** How a call ends that nobody answered: refused, cut off, out of time, or without an address to go to. */
const SILENCE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** A call that nobody answered, in any of its attempts. The SDK does not try it again. */
class NoAnswer extends Error {
  constructor(thrown: unknown) {
    // Not as its `cause`: the SDK would go by that.
    super(String(thrown));
    this.name = "NoAnswer";
  }
}

/** Whether a call got no answer at all. */
export function isSilence(thrown: unknown): boolean {
  if (thrown instanceof NoAnswer) return true;
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return false;
  return typeof thrown.code === "string" && SILENCE.has(thrown.code);
}

/**
 * Lets a database that does not answer keep nobody for longer than it has to. A call is given up after some seconds,
 * however many attempts it has left. Then nothing more is asked for a second: calls fail at once, so that a request does
 * not wait again to release a claim or to put its failure on record, and a database that comes back is not met by
 * everybody at once.
 */
export function keepQuietAfterSilence(client: DynamoDBClient): void {
  /** Calls whose last attempt got no answer, by their contexts. */
  const silent = new WeakMap<object, NoAnswer>();
  let quietUntilMs = 0;
  let lastSilence = new NoAnswer("");
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (performance.now() < quietUntilMs) throw lastSilence;
      try {
        return await next(args);
      } catch (thrown) {
        const silence = silent.get(context);
        if (silence === undefined) throw thrown;
        lastSilence = silence;
        quietUntilMs = performance.now() + QUIET_MS;
        throw silence;
      }
    },
    { step: "initialize", name: "quietAfterSilence" },
  );
  client.middlewareStack.add(
    // Called once for each call; what it gives back, for each attempt.
    (next, context) => {
      const begunAtMs = performance.now();
      return async (args) => {
        silent.delete(context);
        try {
          return await next(args);
        } catch (thrown) {
          if (!isSilence(thrown)) throw thrown;
          const silence = new NoAnswer(thrown);
          silent.set(context, silence);
          throw performance.now() - begunAtMs > TRIED_FOR_MS ? silence : thrown;
        }
      };
    },
    { step: "finalizeRequest", name: "giveUpInTime", priority: "low" },
  );
}
