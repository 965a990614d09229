import { readFileSync } from "node:fs";

/** A message as the outbox of a local run has it. */
export interface OutboxMessage {
  readonly time: string;
  readonly channel: "mail" | "sms";
  readonly to: string;
  readonly subject?: string;
  readonly text: string;
  readonly data: { readonly code?: string; readonly token?: string };
}

/** What was sent to an address, oldest first. */
export function messagesTo(to: string): readonly OutboxMessage[] {
  return outbox().filter((message) => message.to === to);
}

function outbox(): readonly OutboxMessage[] {
  try {
    const lines = readFileSync(process.env["OUTBOX_FILE"] ?? "", "utf8").split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
