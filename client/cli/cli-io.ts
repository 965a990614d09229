import type { LiveFeed } from "../live-feed.ts";

/** What the command line has of the world. */
export interface CliIo {
  readonly args: readonly string[];
  /** One line to whoever asked. */
  readonly out: (text: string) => void;
  /** A file to whoever asked. */
  readonly outBytes: (bytes: Uint8Array) => void;
  /** One line of progress, or of what went wrong. */
  readonly err: (text: string) => void;
  readonly ask: (question: string, how: { readonly secret: boolean }) => Promise<string>;
  readonly color: boolean;
  readonly credentialsFile: string;
  /** `.local/demo.json` of a local run, for `login --profile`. */
  readonly demoFile: string;
  /** The deployment to sign in to, where `--url` does not say. */
  readonly url: string | undefined;
  readonly now: () => number;
  /** Takes Ctrl-C, which ends `tail` in good order; without it Ctrl-C ends everything at once. */
  readonly onInterrupt: (end: () => void) => void;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Told of the feed that `tail` opened. */
  readonly onFeed?: (feed: LiveFeed) => void;
}

/** A mistake of whoever typed the command: told in one line, with the exit status 2. */
export class UsageError extends Error {}

/** Writes some lines in columns, the first of them as their heads. */
export function columns(io: Pick<CliIo, "color">, lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length)),
  );
  return lines
    .map((line, row) => {
      const text = line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
      return row === 0 ? paint(io, "bold", text.trimEnd()) : text.trimEnd();
    })
    .join("\n");
}

const CODES = { bold: 1, red: 31, green: 32, yellow: 33, dim: 2 } as const;

/** Colours a text where colours are wanted (ECMA-48 SGR). */
export function paint({ color }: Pick<CliIo, "color">, how: keyof typeof CODES, text: string): string {
  return color ? `\u001b[${CODES[how]}m${text}\u001b[0m` : text;
}
