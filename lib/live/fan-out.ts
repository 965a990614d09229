import type { ActivityRecord } from "../activity/activity.ts";
import type { TenantStore } from "../identity/tenant-store.ts";
import type { Session } from "../session/session.ts";
import type { EpochMs } from "../time.ts";
import { type Connection, type ConnectionStore, FAREWELL_MS, type LiveGateway } from "./connection.ts";
import { type LiveMessage, wireText } from "./live-message.ts";
import { type MessagesOfDeps, messagesOf, type Stories, storiesOf } from "./messages-of.ts";
import { type MissedRecordsDeps, missedRecords } from "./missed-records.ts";
import type { Viewers } from "./viewer.ts";

/** What feeding the open feeds needs. */
export interface FanOutDeps extends MessagesOfDeps, MissedRecordsDeps {
  readonly connections: Pick<ConnectionStore, "ofTenant" | "activate" | "remove" | "checkAt">;
  readonly gateway: LiveGateway;
  readonly viewers: Viewers;
  readonly tenants: Pick<TenantStore, "get">;
  readonly now: () => EpochMs;
  /** Told of a feed that could not be fed: it is closed, and its client comes back for what it missed. */
  readonly onError: (connectionId: string, cause: unknown) => void;
}

/**
 * Brings records of one tenant, in the order of the stream, to all who look on and may see them. A feed that begins
 * among them gets what it missed first, and then those after its beginning. One whose session ends among them is told
 * so, and closed. One that cannot be reached, or takes too long, is dropped; the others do not wait for it.
 */
export async function fanOut(
  deps: FanOutDeps,
  tenantId: string,
  records: readonly ActivityRecord[],
): Promise<void> {
  const connections = await deps.connections.ofTenant(tenantId);
  if (connections.length === 0) return;
  // A policy that has changed may have ended sessions: who looks on is looked at again now.
  if (records.some(({ action }) => action === "tenant:update")) {
    for (const { connectionId } of connections) {
      await deps.connections.checkAt({ connectionId, atMs: deps.now() });
    }
  }
  const told = await storiesOf(deps, tenantId, records);
  await Promise.all(
    connections.map(async (connection) => {
      try {
        await feed(deps, connection, told);
      } catch (cause) {
        deps.onError(connection.connectionId, cause);
        await drop(deps, connection);
      }
    }),
  );
}

async function feed(deps: FanOutDeps, connection: Connection, told: Stories): Promise<void> {
  const opening = told.stories.findIndex(({ record }) => record.id === connection.openingId);
  if (opening === -1 && !connection.isActive) return;
  if (opening !== -1 && !connection.isActive) await begin(deps, connection);
  await bring(deps, connection, { ...told, stories: told.stories.slice(opening + 1) });
}

async function begin(deps: FanOutDeps, connection: Connection): Promise<void> {
  const { tenantId, sinceId, openingId, openedAtMs } = connection;
  if (sinceId !== undefined) {
    const stretch = { tenantId, sinceId, beforeId: openingId, beforeReceivedAtMs: openedAtMs };
    const missed = await missedRecords(deps, stretch);
    await bring(deps, connection, await storiesOf(deps, tenantId, missed));
  }
  await deps.connections.activate(connection);
}

async function bring(deps: FanOutDeps, connection: Connection, told: Stories): Promise<void> {
  if (told.stories.length === 0) return;
  const viewer = await deps.viewers.look(connection);
  for (const story of told.stories) {
    const isEnd = isEndOf(connection, story.record);
    const messages =
      viewer === undefined
        ? await farewell(deps, connection, isEnd ? story.session : undefined)
        : messagesOf(deps, story, { viewer, ownerOf: told.ownerOf });
    for (const message of messages) {
      if ((await deps.gateway.send(connection.connectionId, wireText(message))) === "gone") {
        return await drop(deps, connection);
      }
    }
    if (isEnd) return await drop(deps, connection);
  }
  // The record of the end may be a moment behind the row that says so.
  if (viewer === undefined) {
    const { connectionId } = connection;
    await deps.connections.checkAt({ connectionId, atMs: deps.now() + FAREWELL_MS, isLast: true });
  }
}

/** The end of its own session is the last that a feed brings, though its viewer may see nothing any more. */
async function farewell(
  { tenants, show }: Pick<FanOutDeps, "tenants" | "show">,
  { tenantId, sessionId }: Connection,
  ended: Session | undefined,
): Promise<readonly LiveMessage[]> {
  const tenant = ended === undefined ? undefined : await tenants.get(tenantId);
  if (ended === undefined || tenant === undefined) return [];
  return [{ type: "session", data: show.session(ended, { sessionId, policy: tenant.policy }) }];
}

function isEndOf({ sessionId }: Connection, { action, sessionId: ended, outcome }: ActivityRecord): boolean {
  return action === "session:end" && outcome === "success" && ended === sessionId;
}

async function drop({ gateway, connections }: FanOutDeps, connection: Connection): Promise<void> {
  await gateway.close(connection.connectionId);
  await connections.remove(connection);
}
