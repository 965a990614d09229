import { changeRole, disable, pry, replacePolicy } from "./commands/administering.ts";
import { deleteKey, makeKey, useKey } from "./commands/automating.ts";
import { ask, askWhenOver, list, logOut, revokeAll, revokeOne } from "./commands/ending.ts";
import { deliver, jump, schedule } from "./commands/going-on.ts";
import { forget, raceToWrite, readValue, write } from "./commands/keeping-state.ts";
import { ingest } from "./commands/metering.ts";
import { race, refresh, refreshTwice, signIn, signInWrongly, verifyAgain } from "./commands/signing-in.ts";
import { support } from "./commands/supporting.ts";
import { change, create, inspect, remove } from "./commands/working.ts";
import type { Step } from "./run.ts";

/** Something that happens in a run, with what comes of it in the model. */
export type Command = (step: Step) => Promise<void>;

/** What happens, and how often. */
export const COMMANDS: readonly (readonly [weight: number, command: Command])[] = [
  [14, signIn],
  [2, signInWrongly],
  [2, race],
  [8, refresh],
  [2, refreshTwice],
  [2, verifyAgain],
  [10, ask],
  [4, askWhenOver],
  [4, list],
  [3, logOut],
  [4, revokeOne],
  [2, revokeAll],
  [3, replacePolicy],
  [2, changeRole],
  [2, disable],
  [4, pry],
  [10, write],
  [5, readValue],
  [3, forget],
  [2, raceToWrite],
  [8, create],
  [14, change],
  [3, remove],
  [1, inspect],
  [12, ingest],
  [2, makeKey],
  [4, useKey],
  [1, deleteKey],
  [2, support],
  [16, jump],
  [3, deliver],
  [5, schedule],
];
