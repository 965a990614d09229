/** Row 4: calls to end all of a user's sessions. */
import { countCalls } from "../count-calls.ts";
import { countedBetterAuth } from "../peers/counted-better-auth.ts";
import type { BenchProduct } from "../product.ts";
import { type Row, rounded } from "../row.ts";
import { people } from "./people.ts";

/** A user has at most 100 interactive sessions (contract section 3): no policy allows 1,000. */
const SIZES = [1, 11, 100];

/** Counts, for each number of sessions, what ending all but the asking one takes. */
export async function revokeAll(product: BenchProduct): Promise<readonly Row[]> {
  const counter = countCalls(product.client);
  const { login, revokeAll } = people(product);
  const rows: Row[] = [];
  for (const size of SIZES) {
    const email = await product.addTenant({ maxConcurrentSessions: 100 });
    let token = "";
    for (let count = 0; count < size; count++) token = (await login(email)).body.accessToken;
    counter.take();
    const { status, body } = await revokeAll(token, size > 1);
    const { calls, writes } = counter.take();
    if (status !== 200 || body.revoked !== Math.max(1, size - 1))
      throw new Error(`${body.revoked} were ended.`);
    const peer = await betterAuthCalls(size);
    rows.push({
      name: `4. calls to end all of a user's ${size} session${size === 1 ? "" : "s"}`,
      figure: `${calls}, of which ${writes} write${writes === 1 ? "s" : ""}`,
      peer: `better-auth revokeOtherSessions: ${peer}`,
      ratio: rounded(peer / calls),
      target: "1 write, flat",
      limit: "1",
      reached: writes <= 1,
    });
  }
  return rows;
}

async function betterAuthCalls(size: number): Promise<number> {
  const peer = await countedBetterAuth(86_400);
  let cookie = await peer.signIn();
  // Signing up made the first of them.
  for (let count = 2; count < size; count++) cookie = await peer.signIn();
  peer.take();
  await peer.revokeOthers(cookie);
  return peer.take().calls;
}
