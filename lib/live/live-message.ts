/** What a feed brings (contract section 5). `data` is as the API shows it elsewhere. */
export interface LiveMessage {
  readonly type: "activity" | "session" | "alert" | "guidance";
  readonly data: object;
}

/** In UTF-8: API Gateway takes 128 KB, and some of it is what a message is wrapped in. */
const BYTES_MAX = 120_000;

/** A message as it goes over the wire. Of a record that is too large for one, the bulky members are left out. */
export function wireText(message: LiveMessage): string {
  const text = JSON.stringify(message);
  if (new TextEncoder().encode(text).length <= BYTES_MAX) return text;
  const data = { ...message.data, changes: undefined, attributes: undefined, truncated: true };
  return JSON.stringify({ ...message, data });
}
