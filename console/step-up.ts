import { createStore } from "./store.ts";

/** Somebody waits for a factor to be verified again. */
export interface StepUpRequest {
  /** Called once, with whether a factor was verified. */
  answer(verified: boolean): void;
}

export const stepUpRequest = createStore<StepUpRequest | undefined>(undefined);

let asking: Promise<boolean> | undefined;

/** Asks for a factor; requests that need it at once share the one question. */
export function askStepUp(): Promise<boolean> {
  asking ??= new Promise<boolean>((resolve) => {
    stepUpRequest.set({
      answer: (verified) => {
        stepUpRequest.set(undefined);
        asking = undefined;
        resolve(verified);
      },
    });
  });
  return asking;
}
