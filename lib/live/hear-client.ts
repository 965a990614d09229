import type { ConnectionStore, LiveGateway } from "./connection.ts";

/** What hearing the clients of feeds needs. */
export interface HearClientDeps {
  readonly connections: Pick<ConnectionStore, "find" | "remove" | "countMessage">;
  readonly gateway: LiveGateway;
}

/** What a client has said; `undefined` for bytes. */
export interface ClientMessage {
  readonly connectionId: string;
  readonly text: string | undefined;
}

/** One frame of API Gateway. */
const LENGTH_MAX = 32_768;
/** A word every ten seconds for two hours is 720. */
const MESSAGES_MAX = 750;

/**
 * Hears what a client says on its feed. A feed takes nothing but `{"type":"ping"}`, which keeps it from being silent; for
 * anything else, and for too much of it, it is closed.
 */
export async function hearClient(deps: HearClientDeps, { connectionId, text }: ClientMessage): Promise<void> {
  const isPing = text !== undefined && text.length <= LENGTH_MAX && typeOf(text) === "ping";
  if (isPing && (await deps.connections.countMessage(connectionId)) <= MESSAGES_MAX) return;
  await deps.gateway.close(connectionId);
  await closeFeed(deps, connectionId);
}

/** Forgets a feed whose connection is gone. */
export async function closeFeed(
  { connections }: Pick<HearClientDeps, "connections">,
  connectionId: string,
): Promise<void> {
  const connection = await connections.find(connectionId);
  if (connection !== undefined) await connections.remove(connection);
}

function typeOf(text: string): unknown {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null && "type" in message ? message.type : undefined;
  } catch {
    // What is no JSON says nothing.
    return undefined;
  }
}
