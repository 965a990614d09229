import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SignedIn, TestApp } from "./app.ts";

/** One message as it was sent. */
export interface SentMessage {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says by its expectations what it looks for
  readonly data: any;
}

/** The far end of WebSocket connections: what API Gateway's management API would do with them. */
export interface TestGateway {
  readonly url: string;
  /** What was sent on a connection, in order. */
  sent(connectionId: string): readonly SentMessage[];
  isClosed(connectionId: string): boolean;
  /** From now on a connection answers with that status; 0 stands for no answer. */
  answerWith(connectionId: string, status: number): void;
  stop(): void;
}

/** Starts a gateway of the test's own. */
export async function startGateway(): Promise<TestGateway> {
  const sent = new Map<string, SentMessage[]>();
  const closed = new Set<string>();
  const statuses = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const connectionId = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
    const status = statuses.get(connectionId) ?? (closed.has(connectionId) ? 410 : 200);
    let text = "";
    for await (const chunk of request) text += chunk;
    if (request.method === "DELETE") closed.add(connectionId);
    else if (status === 200) sent.set(connectionId, [...(sent.get(connectionId) ?? []), JSON.parse(text)]);
    if (status !== 0) response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sent: (connectionId) => sent.get(connectionId) ?? [],
    isClosed: (connectionId) => closed.has(connectionId),
    answerWith: (connectionId, status) => statuses.set(connectionId, status),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** How to open a feed. */
export interface FeedOptions {
  readonly ticket?: string;
  readonly since?: string;
  readonly origin?: string;
  readonly ip?: string;
}

let count = 0;

/** Tells the product of a connection, as API Gateway does; `status` is what the handshake would answer. */
export async function openFeed(
  app: TestApp,
  { ticket, since, origin, ip = "203.0.113.7" }: FeedOptions,
): Promise<{ readonly status: number; readonly connectionId: string }> {
  const connectionId = `connection-${++count}`;
  const answer = await app.invoke("liveSocket", {
    requestContext: { routeKey: "$connect", connectionId, identity: { sourceIp: ip } },
    headers: { "User-Agent": "test/1.0", ...(origin === undefined ? {} : { Origin: origin }) },
    ...(ticket === undefined && since === undefined ? {} : { queryStringParameters: { ticket, since } }),
  });
  return { status: (answer as { statusCode: number }).statusCode, connectionId };
}

/** Opens feeds with a ticket of whoever looks on, and says which connections they are. */
export function feedsOn(app: TestApp) {
  return async (who: SignedIn, options: FeedOptions = {}): Promise<string> => {
    const { ticket } = (await who.request("POST", "/v1/live/tickets")).body;
    const { status, connectionId } = await openFeed(app, { ticket, ...options });
    if (status !== 200) throw new Error(`The feed was answered ${status}.`);
    return connectionId;
  };
}

/** Tells the product what a client has said, or that it is gone. */
export async function tellSocket(
  app: TestApp,
  connectionId: string,
  event: {
    readonly routeKey: "$default" | "$disconnect";
    readonly body?: string;
    readonly isBase64Encoded?: boolean;
  },
): Promise<void> {
  const { routeKey, ...rest } = event;
  await app.invoke("liveSocket", { requestContext: { routeKey, connectionId }, ...rest });
}
