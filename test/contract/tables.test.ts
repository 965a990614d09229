import { DescribeTableCommand, DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { createTables, localClient } from "../support/dynamodb-local.ts";

const client = localClient();
afterAll(() => client.destroy());

describe("the tables that are deployed, in DynamoDB Local", () => {
  test("exist under the test file's prefix, with their streams and indexes", async () => {
    const names = await createTables("tables-test");
    const described = await Promise.all(
      Object.values(names).map((TableName) => client.send(new DescribeTableCommand({ TableName }))),
    );
    expect(
      described.map(({ Table }) => ({
        name: Table?.TableName,
        stream: Table?.StreamSpecification?.StreamViewType,
        indexes: Table?.GlobalSecondaryIndexes?.map((index) => index.IndexName).sort(),
      })),
    ).toEqual([
      {
        name: "tables-test-sessions",
        stream: "NEW_AND_OLD_IMAGES",
        indexes: ["expiry-index", "lookup-index", "tenant-index", "user-index"],
      },
      { name: "tables-test-identity", stream: undefined, indexes: undefined },
      {
        name: "tables-test-activity",
        stream: "NEW_IMAGE",
        indexes: [
          "action-index",
          "actor-index",
          "outcome-index",
          "resource-index",
          "run-index",
          "session-index",
          "source-index",
          "task-index",
        ],
      },
      { name: "tables-test-billing", stream: "NEW_IMAGE", indexes: ["usage-index"] },
      { name: "tables-test-derived", stream: undefined, indexes: undefined },
    ]);
  });

  test("are made once: asking again changes nothing", async () => {
    await createTables("tables-again");
    await expect(createTables("tables-again")).resolves.toEqual({
      sessions: "tables-again-sessions",
      identity: "tables-again-identity",
      activity: "tables-again-activity",
      billing: "tables-again-billing",
      derived: "tables-again-derived",
    });
  });

  test("remove rows by `ttl` only where it was asked for", async () => {
    const kept = await createTables("tables-kept");
    const cleaned = await createTables("tables-cleaned", { ttl: true });
    const statusOf = async (TableName: string) =>
      (await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription
        ?.TimeToLiveStatus;
    expect(await statusOf(kept.sessions)).toBe("DISABLED");
    expect(await statusOf(cleaned.sessions)).toBe("ENABLED");
    expect(await statusOf(cleaned.activity)).toBe("ENABLED");
    expect(await statusOf(cleaned.billing)).toBe("ENABLED");
    expect(await statusOf(cleaned.derived)).toBe("ENABLED");
  });
});
