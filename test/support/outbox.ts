import { existsSync, readFileSync } from "node:fs";

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
  const file = process.env["OUTBOX_FILE"] ?? "";
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}
