import { DynamoDBAdapter } from "@auth/dynamodb-adapter";
import { CreateTableCommand, type DynamoDBClient, type KeySchemaElement } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";

const TABLE = "next-auth";
const DAY_MS = 86_400_000;

/** Auth.js with its sessions in DynamoDB. */
export interface AuthJs {
  /** Looks the session up as each request does; `false` where it is not there any more. */
  readonly request: () => Promise<boolean>;
  readonly revoke: () => Promise<void>;
}

/** Makes its table as its documentation has it, and one session in it. */
export async function authJsPeer(client: DynamoDBClient): Promise<AuthJs> {
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      AttributeDefinitions: ["pk", "sk", "GSI1PK", "GSI1SK"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S" as const,
      })),
      KeySchema: keysOf("pk", "sk"),
      GlobalSecondaryIndexes: [
        { IndexName: "GSI1", KeySchema: keysOf("GSI1PK", "GSI1SK"), Projection: { ProjectionType: "ALL" } },
      ],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const document = DynamoDBDocument.from(client, {
    marshallOptions: {
      convertEmptyValues: true,
      removeUndefinedValues: true,
      convertClassInstanceToMap: true,
    },
  });
  const adapter = DynamoDBAdapter(document);
  const { createUser, createSession, getSessionAndUser, deleteSession } = adapter;
  if (!createUser || !createSession || !getSessionAndUser || !deleteSession) {
    throw new Error("The adapter of Auth.js keeps no sessions.");
  }
  const user = await createUser({ id: "ada", email: "ada@example.com", emailVerified: null, name: "Ada" });
  const sessionToken = "a-session-token-of-the-measurement";
  await createSession({ sessionToken, userId: user.id, expires: new Date(Date.now() + 30 * DAY_MS) });
  return {
    request: async () => (await getSessionAndUser(sessionToken)) !== null,
    revoke: async () => void (await deleteSession(sessionToken)),
  };
}

function keysOf(partition: string, sort: string): KeySchemaElement[] {
  return [
    { AttributeName: partition, KeyType: "HASH" },
    { AttributeName: sort, KeyType: "RANGE" },
  ];
}
