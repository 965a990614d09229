import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, describe, expect, test } from "@jest/globals";
import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import type { Answer } from "../../support/answer-check.ts";
import { startApp } from "../../support/app.ts";
import { localClient } from "../../support/dynamodb-local.ts";
import { CASES } from "./cases.ts";
import { operations, type Place, placesOf } from "./operations.ts";
import { inhabit, nobodys, type World } from "./world.ts";

// What a tenant owns is out of reach of another: every route of the OpenAPI document is tried with another tenant's ids
// in each place, by an owner who may do everything in their own.

const app = await startApp({ env: { WEBHOOKS_TO_LOCALHOST: "allow" } });
const client = localClient();
afterAll(() => {
  client.destroy();
  app.stop();
});

const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
const operator = await app.signIn(await platform.addUser(["owner", "operator"], { totp: true }));
await operator.request("PUT", "/v1/rate-card", {
  body: { effectiveFrom: "2020-01-01T00:00:00Z", currency: "USD", meters: [], minimumCharge: "5.00" },
});
const mine = await inhabit(app, operator, "my-role");
const victim = await inhabit(app, operator, "their-role");
const nobody = nobodys(victim.world);

const all = await operations();
const attempts = all.flatMap((operation) =>
  placesOf(operation, mine.world).map((place) => ({ ...place, name: operation.name })),
);

test("A01 every place of every route that an id can go into is known here", () => {
  const unknown = all.flatMap((operation) => {
    const { name, pathParameters, idMembers, needsBody } = operation;
    const ofNewKinds = pathParameters.filter((parameter) => !(parameter in mine.world));
    const isUntold = name in CASES ? false : idMembers.length > 0 || (pathParameters.length > 0 && needsBody);
    return ofNewKinds.length > 0 || isUntold ? [`${name}: ${[...ofNewKinds, ...idMembers].join(", ")}`] : [];
  });
  // Say in cases.ts how ids get into them; a new kind of thing has to be in world.ts too.
  expect(unknown).toEqual([]);
  expect(Object.keys(CASES).filter((name) => !all.some((operation) => operation.name === name))).toEqual([]);
});

// Before anything of theirs is tried: what was asked for is on one's own record.
describe("A04 another tenant's things are on no list and in no export:", () => {
  const lists = all.filter(({ method, pathParameters }) => method === "GET" && pathParameters.length === 0);

  test.each(lists.map(({ path }) => path))("%s", async (path) => {
    const { key: _same, meter: _like, ...theirIds } = victim.world;
    const queries = ["", "?limit=200", "?groupBy=session", "?from=2020-01-01T00:00:00Z", "?format=jsonl"];
    for (const query of queries) {
      const { text } = await mine.owner.request("GET", path + query);
      expect(Object.values(theirIds).filter((id) => text.includes(id))).toEqual([]);
    }
  });

  test("a cursor of theirs leads nowhere", async () => {
    const tried: string[] = [];
    for (const { path } of lists) {
      const { status, body } = await victim.owner.request("GET", `${path}?limit=1`);
      if (status !== 200 || typeof body?.nextCursor !== "string") continue;
      const stolen = await mine.owner.request("GET", `${path}?limit=1&cursor=${body.nextCursor}`);
      expect([path, stolen.status, stolen.body.code]).toEqual([path, 400, "cursor.invalid"]);
      tried.push(path);
    }
    expect(tried).toEqual(
      expect.arrayContaining(["/v1/activity", "/v1/resources", "/v1/sessions", "/v1/users"]),
    );
  });
});

describe("A01 another tenant's id is answered like one that nobody has, and nothing comes of it:", () => {
  test.each(attempts)("$place of $name", async (attempted) => {
    const { request, place } = attempted;
    const before = await rowsOf(victim.world.tenantId);
    const foreign = await attempt(attempted, { ...mine.world, [place]: victim.world[place] });
    const missing = await attempt(attempted, { ...mine.world, [place]: nobody[place] });
    expect(foreign.status).toBe(request.answers?.[place] ?? 404);
    expect([foreign.status, told(foreign)]).toEqual([missing.status, told(missing)]);
    expect(await rowsOf(victim.world.tenantId)).toEqual(before);
  });
});

async function attempt({ operation, request }: Place, ids: World): Promise<Answer> {
  const { method, path } = operation;
  const { query, body, mediaType = "application/json" } = request;
  const filled = path.replace(/\{(\w+)\}/g, (_, parameter: keyof World) =>
    encodeURIComponent(ids[parameter]),
  );
  const search = query === undefined ? "" : `?${new URLSearchParams(query(ids))}`;
  return await mine.owner.request(
    method,
    filled + search,
    body === undefined ? {} : { body: body(ids), headers: { "content-type": mediaType } },
  );
}

/** What an answer says, with the ids that were asked for made alike. Wrong codes are counted down. */
function told({ text, headers }: Answer): string {
  const ids = [victim.world, nobody].flatMap(({ key: _same, meter: _like, challengeToken: _also, ...ids }) =>
    Object.values(ids),
  );
  // The longest first, as one may be a part of another.
  return ids
    .toSorted((one, other) => other.length - one.length)
    .reduce((told, id) => told.replaceAll(id, "<id>"), text)
    .replaceAll(headers["x-request-id"] ?? "", "<request>")
    .replace(/"attemptsLeft":\d/, "<attempts>");
}

/** Everything that is kept of a tenant: its rows in every table, its record among them. */
async function rowsOf(tenantId: string): Promise<readonly string[]> {
  const { SESSIONS_TABLE, IDENTITY_TABLE, ACTIVITY_TABLE, BILLING_TABLE, DERIVED_TABLE } = process.env;
  const tables = [SESSIONS_TABLE, IDENTITY_TABLE, ACTIVITY_TABLE, BILLING_TABLE, DERIVED_TABLE];
  const scans = await Promise.all(
    tables.map((TableName) => client.send(new ScanCommand({ TableName, ConsistentRead: true }))),
  );
  return scans
    .flatMap(({ Items = [] }) => Items)
    .filter((row) => row["pk"]?.S?.startsWith(tenantId) === true || row["tenantId"]?.S === tenantId)
    .map((row) => JSON.stringify(row))
    .toSorted();
}
