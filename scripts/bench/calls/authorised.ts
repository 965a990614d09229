/** Row 2: DynamoDB calls for 100 authorised requests of a session within 60 s, a revocation seen by the very next. */
import { type CallCount, countCalls } from "../count-calls.ts";
import { authJsPeer } from "../peers/auth-js.ts";
import { connectDynamodbPeer } from "../peers/connect-dynamodb.ts";
import { countedBetterAuth } from "../peers/counted-better-auth.ts";
import type { BenchProduct } from "../product.ts";
import { type Row, rounded } from "../row.ts";
import { people } from "./people.ts";

const REQUESTS = 100;

/** The calls of a peer are counted like ours: at the client. */
interface Counted {
  readonly calls: number;
  readonly tripsInARow: number;
}

/** Counts all of them; the record of what was done, which no peer makes, is row 9's. */
export async function authorised(product: BenchProduct): Promise<readonly Row[]> {
  const { activityTable } = (await import("../../../lib/aws/env.ts")).env;
  const counter = countCalls(
    product.client,
    (input) => !("TableName" in input && input.TableName === activityTable),
  );
  const own = await ownRequests(product, counter.take);
  const peers = {
    "connect-dynamodb": await requests(await connectDynamodbPeer(product.client), counter.take),
    "@auth/dynamodb-adapter": await requests(await authJsPeer(product.client), counter.take),
    "better-auth": await betterAuthRequests(),
  };
  return Object.entries(peers).map(([peer, { calls }]) => ({
    name: `2. DynamoDB calls for ${REQUESTS} authorised requests of a session within 60 s, a revocation seen by the next`,
    figure: `${own.calls}, ${own.tripsInARow / REQUESTS} trip in a row each (records are row 9's)`,
    peer: `${peer}: ${calls}`,
    ratio: rounded(calls / own.calls),
    target: "≤ 102, one trip in a row each",
    limit: `${REQUESTS}: to see a revocation, each has to look`,
    reached: own.calls <= 102 && own.tripsInARow <= REQUESTS,
  }));
}

async function ownRequests(product: BenchProduct, take: () => CallCount): Promise<Counted> {
  const { login, current, logout } = people(product);
  const token = (await login(await product.addTenant())).body.accessToken;
  // The first call of a process reads its keys.
  await current(token);
  return await requests(
    {
      request: async () => (await current(token)).status === 200,
      revoke: async () => void (await logout(token)),
    },
    take,
  );
}

async function betterAuthRequests(): Promise<Counted> {
  const peer = await countedBetterAuth(86_400);
  const cookie = await peer.signIn();
  return await requests(
    { request: () => peer.isLive(cookie), revoke: () => peer.signOut(cookie) },
    peer.take,
  );
}

async function requests(
  of: { readonly request: () => Promise<boolean>; readonly revoke: () => Promise<void> },
  take: () => Counted,
): Promise<Counted> {
  take();
  for (let done = 0; done < REQUESTS; done++) {
    if (!(await of.request())) throw new Error("A session that lives was refused.");
  }
  const counted = take();
  await of.revoke();
  if (await of.request()) throw new Error("A session that was revoked went on.");
  return counted;
}
