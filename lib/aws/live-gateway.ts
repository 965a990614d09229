import {
  ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { LiveGateway } from "../live/connection.ts";
import { env } from "./env.ts";
import { eventLog } from "./event-log.ts";

/** Who does not take a message within this time is too slow to be waited for. */
const SEND_TIMEOUT_MS = 2000;

let shared: ApiGatewayManagementApiClient | undefined;

function client(): ApiGatewayManagementApiClient {
  shared ??= new ApiGatewayManagementApiClient({
    region: env.region,
    endpoint: env.liveEndpoint,
    ...(env.stage === "local" ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } } : {}),
    // A message that is sent again may come twice: whoever cannot be reached comes back for what they missed.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: SEND_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: 200 },
      httpsAgent: { maxSockets: 200 },
    },
  });
  return shared;
}

/** Connections of the WebSocket API, by its management API. */
export function liveGateway(): LiveGateway {
  return {
    send: async (connectionId, text) => {
      try {
        await client().send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: text }));
        return "sent";
      } catch (thrown) {
        // Gone (410), too slow (429, or no answer), or out of reach: to the sender they are one.
        if (!isOfTheClient(thrown)) {
          eventLog.failed({ consumer: "live", eventId: connectionId }, thrown);
        }
        return "gone";
      }
    },
    close: async (connectionId) => {
      try {
        await client().send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
      } catch {
        // It is gone already, or will be: the gateway ends what is silent for ten minutes.
      }
    },
  };
}

function isOfTheClient(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const status =
    thrown instanceof ApiGatewayManagementApiServiceException ? thrown.$metadata.httpStatusCode : undefined;
  return status === 410 || status === 429 || thrown.name === "TimeoutError";
}
