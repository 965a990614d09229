import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import { type CliIo, UsageError } from "./cli-io.ts";

interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks on a terminal, where what is secret is not shown as it is typed, or reads answers that are piped in, a line each.
 * `done` lets go of the input. @throws UsageError where there is no answer
 */
export function questions({ input, output }: Terminal): Pick<CliIo, "ask"> & { readonly done: () => void } {
  let piped: Interface | undefined;
  let lines: AsyncIterator<string> | undefined;
  /** Several lines come at once: what is not asked for yet is kept. */
  const nextLine = async (): Promise<string | undefined> => {
    piped ??= createInterface({ input });
    lines ??= piped[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    return done === true ? undefined : value;
  };
  return {
    ask: async (question, { secret }) => {
      if (!input.isTTY) output.write(`${question}: `);
      const answer = input.isTTY ? await typed({ input, output }, question, secret) : await nextLine();
      if (secret || answer === undefined) output.write("\n");
      if (answer === undefined) throw new UsageError(`There was no answer to: ${question}.`);
      return answer.trim();
    },
    done: () => piped?.close(),
  };
}

/** What is typed; `undefined` where it is ended instead (Ctrl-C, Ctrl-D). */
async function typed({ input, output }: Terminal, question: string, secret: boolean) {
  let muted = false;
  const shown = new Writable({
    write: (chunk, _encoding, written) => {
      if (!muted) output.write(chunk);
      written();
    },
  });
  const terminal = createInterface({ input, output: shown, terminal: true });
  const ended = new Promise<undefined>((resolve) => {
    terminal.once("close", () => resolve(undefined));
  });
  // It is rejected by Ctrl-C, and left alone by Ctrl-D; both close the terminal.
  const answer = terminal.question(`${question}: `).catch(() => undefined);
  muted = secret;
  try {
    return await Promise.race([answer, ended]);
  } finally {
    terminal.close();
  }
}
