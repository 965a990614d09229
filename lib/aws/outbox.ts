import { appendFile } from "node:fs/promises";
import type { EpochMs } from "../time.ts";
import { toRfc3339 } from "../time.ts";

/** A message as `.local/outbox.jsonl` has it (contract section 13). */
export interface OutboxLine {
  readonly channel: "mail" | "sms";
  readonly to: string;
  readonly subject?: string;
  readonly text: string;
  readonly data: { readonly code?: string } | { readonly token?: string };
}

/** Where a local run puts what would be sent: one JSON document a line, each written by a single append. */
export interface Outbox {
  write(line: OutboxLine): Promise<void>;
}

/** The outbox in a file, which is made when the first message comes. */
export function outbox(file: string, now: () => EpochMs): Outbox {
  return {
    write: async (line) => {
      await appendFile(file, `${JSON.stringify({ time: toRfc3339(now()), ...line })}\n`);
    },
  };
}
