import middy from "@middy/core";
import { type SessionContext, session } from "active-session/middleware";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";

/** Starts a machine of another service, for whoever may. */
export const handler = middy<APIGatewayProxyEventV2, unknown, Error, Context & SessionContext>()
  .use(
    session<APIGatewayProxyEventV2>({
      action: "vm:start",
      resource: ({ pathParameters }) => `vm/${pathParameters?.["id"]}`,
    }),
  )
  .handler(async (event, context) => ({
    statusCode: 202,
    body: JSON.stringify({ machine: event.pathParameters?.["id"], startedBy: context.session.userId }),
  }));
