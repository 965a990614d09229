import { createStore, useStore } from "../store.ts";
import { Dialog } from "./dialog.tsx";

interface Question {
  readonly text: string;
  readonly yes: string;
  answer(isYes: boolean): void;
}

const question = createStore<Question | undefined>(undefined);

/** Asks whether something is meant; `yes` is the word on the button that does it. */
export function confirmed(text: string, yes: string): Promise<boolean> {
  return new Promise((resolve) => {
    question.set({
      text,
      yes,
      answer: (isYes) => {
        question.set(undefined);
        resolve(isYes);
      },
    });
  });
}

/** Where questions are shown; once on the page. */
export function Confirmation() {
  const asked = useStore(question);
  if (asked === undefined) return null;
  return (
    <Dialog title="Are you sure?" close={() => asked.answer(false)}>
      <p>{asked.text}</p>
      <footer class="actions">
        <button type="button" class="secondary outline" onClick={() => asked.answer(false)}>
          Cancel
        </button>
        <button type="button" class="danger" onClick={() => asked.answer(true)}>
          {asked.yes}
        </button>
      </footer>
    </Dialog>
  );
}
