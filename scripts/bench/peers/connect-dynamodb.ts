import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import connectDynamodb from "connect-dynamodb";
import expressSession from "express-session";
import { requestThrough } from "./express-requests.ts";

const TABLE = "bench-express-sessions";

/** express-session with its sessions in DynamoDB. */
export interface ConnectDynamodb {
  /** One request of the session; `false` where it is not there any more. */
  readonly request: () => Promise<boolean>;
  readonly revoke: () => Promise<void>;
}

/** Makes its table, and one session in it. */
export async function connectDynamodbPeer(client: DynamoDBClient): Promise<ConnectDynamodb> {
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const Store = connectDynamodb({ Store: expressSession.Store });
  const store = new Store({ client, table: TABLE, initialized: true });
  const middleware = expressSession({
    ...{ secret: "a secret of the measurement", resave: false, saveUninitialized: true, store },
    cookie: { maxAge: 1_800_000 },
  });
  const { setCookie, sessionId } = await requestThrough(middleware, undefined);
  return {
    request: async () => (await requestThrough(middleware, setCookie)).sessionId === sessionId,
    revoke: () =>
      new Promise((resolve, reject) => {
        store.destroy(sessionId, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
