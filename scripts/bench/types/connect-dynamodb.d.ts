/** As much of connect-dynamodb as is measured; its own types want those of express. */
declare module "connect-dynamodb" {
  import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

  interface Options {
    readonly client: DynamoDBClient;
    readonly table: string;
    readonly initialized: boolean;
  }
  class DynamoDBStore {
    constructor(options: Options);
    destroy(sessionId: string, done: (error?: unknown) => void): void;
  }
  function connectDynamodb(connect: { readonly Store: unknown }): typeof DynamoDBStore;
  export = connectDynamodb;
}
