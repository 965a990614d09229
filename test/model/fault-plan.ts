import type { Fault } from "../support/faults.ts";
import type { Chance } from "./chance.ts";

/** What becomes of the calls to the database while one request, stream batch or schedule is at work. */
export interface FaultPlan {
  readonly name: string;
  /** Whether the function is gone at some point: whatever it answers, nobody hears it. */
  readonly kills: boolean;
  next(): Fault;
}

/** Nothing goes wrong. */
export const CALM: FaultPlan = { name: "calm", kills: false, next: () => "none" };

/** The calls of a request are few: later than that a fault mostly meets none. */
const CALLS = 9;

/** How many calls in a row fail: one or two are for the SDK to repeat, of three and more the request hears. */
const LENGTHS = [1, 1, 1, 2, 3, 3, 4, 6] as const;

/** Draws what goes wrong with a command: nothing for more than half of them. */
export function drawFaults(chance: Chance): FaultPlan {
  const kind = chance.weighted<Fault>([
    [58, "none"],
    [5, "throttle"],
    [9, "conflict"],
    [7, "lost_call"],
    [11, "lost_answer"],
    [5, "killed"],
    [5, "killed_after"],
  ]);
  return kind === "none" ? CALM : planOf(kind, chance.below(CALLS), chance.one(LENGTHS));
}

/** A kill, for a schedule, which makes more calls than a request. */
export function drawKill(chance: Chance): FaultPlan {
  return planOf(chance.one(["killed", "killed_after"]), chance.below(30), 1);
}

function planOf(kind: Fault, from: number, length: number): FaultPlan {
  const kills = kind === "killed" || kind === "killed_after";
  let calls = 0;
  return {
    name: kills ? `${kind} at call ${from + 1}` : `${kind} of calls ${from + 1} to ${from + length}`,
    kills,
    next: () => {
      calls += 1;
      if (calls <= from) return "none";
      // What is gone makes no further call.
      if (kills) return calls === from + 1 ? kind : "killed";
      return calls <= from + length ? kind : "none";
    },
  };
}
