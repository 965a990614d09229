import { livePorts } from "../../lib/aws/live-ports.ts";
import { platform } from "../../lib/aws/platform.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { type SocketExchange, socketRouter } from "../../lib/http/socket.ts";
import { closeFeed, type HearClientDeps, hearClient } from "../../lib/live/hear-client.ts";
import { type OpenFeedDeps, openFeed } from "../../lib/live/open-feed.ts";

/** The live feed's side of the WebSocket API: opens a feed for a ticket, hears its client, and forgets it. */
export const createHandler = (deps: HttpDeps & OpenFeedDeps & HearClientDeps) =>
  socketRouter(deps, {
    $connect: (exchange) => connect(deps, exchange),
    $default: ({ connectionId, body, isBase64 }) =>
      hearClient(deps, { connectionId, text: isBase64 ? undefined : body }),
    $disconnect: ({ connectionId }) => closeFeed(deps, connectionId),
  });

async function connect(deps: OpenFeedDeps, exchange: SocketExchange): Promise<void> {
  const { connectionId, headers, query, ip, trail } = exchange;
  trail.about({ type: "live", id: connectionId });
  const asked = {
    ...{ connectionId, ip, origin: headers["origin"] },
    // A client that has had nothing yet may say so with an empty `since`.
    ...{ ticket: query["ticket"] || undefined, sinceId: query["since"] || undefined },
  };
  await openFeed(deps, asked, trail);
}

export const handler = createHandler({ ...platform(), ...livePorts() });
