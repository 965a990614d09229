import { httpClient } from "./http-client.ts";
import { publicSteps } from "./public-steps.ts";
import { type SmokeUser, sessionSteps } from "./session-steps.ts";

/** One thing to try. A text that it comes to says what it found; it throws what is wrong. */
export interface Step {
  readonly name: string;
  readonly run: () => unknown;
}

/** How one step came out. */
export interface StepOutcome {
  readonly name: string;
  readonly outcome: "ok" | "failed" | "skipped";
  readonly durationMs: number;
  readonly detail?: string;
}

/** How all came out. */
export interface SmokeReport {
  readonly url: string;
  readonly ok: boolean;
  readonly steps: readonly StepOutcome[];
}

/** What to try. */
export interface Smoke {
  /** Scheme, host and port: the issuer of the tokens. */
  readonly url: string;
  /** Without one, nobody signs in. */
  readonly user?: SmokeUser;
  readonly now: () => number;
  readonly onStep?: (outcome: StepOutcome) => void;
}

/**
 * Walks through a running service: what anybody may ask, then one session from sign-in to what is on record of it. After
 * a sign-in that failed, what follows is skipped. Nothing is left open: the session ends, its state is taken back.
 */
export async function runSmoke({ url, user, now, onStep = () => undefined }: Smoke): Promise<SmokeReport> {
  const send = httpClient(url);
  const steps: StepOutcome[] = [];
  const add = (outcome: StepOutcome): void => {
    steps.push(outcome);
    onStep(outcome);
  };
  for (const step of publicSteps(send, url)) add(await tried(step, now));
  if (user === undefined) {
    add({
      name: "a session",
      outcome: "skipped",
      durationMs: 0,
      detail: "set SMOKE_EMAIL and SMOKE_PASSWORD",
    });
  } else {
    let isSignedIn = true;
    for (const step of sessionSteps(send, user, now)) {
      const outcome = isSignedIn ? await tried(step, now) : skipped(step);
      if (step.name === "sign in" && outcome.outcome === "failed") isSignedIn = false;
      add(outcome);
    }
  }
  return { url, ok: steps.every(({ outcome }) => outcome !== "failed"), steps };
}

async function tried({ name, run }: Step, now: () => number): Promise<StepOutcome> {
  const startedAtMs = now();
  try {
    const detail = await run();
    const took = { name, outcome: "ok", durationMs: now() - startedAtMs } as const;
    return typeof detail === "string" ? { ...took, detail } : took;
  } catch (thrown) {
    return { name, outcome: "failed", durationMs: now() - startedAtMs, detail: messageOf(thrown) };
  }
}

function skipped({ name }: Step): StepOutcome {
  return { name, outcome: "skipped", durationMs: 0 };
}

/** What `fetch` could not do is in the cause. */
function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? `${thrown.message}: ${thrown.cause.message}` : thrown.message;
}
