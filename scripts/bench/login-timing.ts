/**
 * `node scripts/bench/login-timing.ts`: whether the time of a refused sign-in tells an address that somebody has from one
 * that nobody has. 200 of each, in turn, through the handler; no address and no account fails often enough to be held up.
 */
import { randomUUID } from "node:crypto";
import { median } from "./interleave.ts";
import { startProduct } from "./product.ts";

const SAMPLES = 200;
const FAILURES_EACH = 4;

const product = await startProduct();
const known: number[] = [];
const unknown: number[] = [];
const people = await Promise.all(Array.from({ length: SAMPLES / FAILURES_EACH }, () => product.addTenant()));

for (let round = -FAILURES_EACH; round < SAMPLES; round++) {
  const person = people[Math.max(0, round) % people.length] ?? "";
  const stranger = `${randomUUID()}@example.com`;
  // Whoever comes first may profit from what the other leaves behind: they take turns.
  for (const email of round % 2 === 0 ? [person, stranger] : [stranger, person]) {
    const tookMs = await refused(email, round);
    if (round >= 0) (email === person ? known : unknown).push(tookMs);
  }
}
product.stop();

const ratio = median(known) / median(unknown);
process.stdout.write(
  `${SAMPLES} refused sign-ins of each kind: known ${median(known).toFixed(2)} ms, ` +
    `unknown ${median(unknown).toFixed(2)} ms (medians), ratio ${ratio.toFixed(3)}\n`,
);

async function refused(email: string, round: number): Promise<number> {
  const answer = await product.call("functions/auth/login", "POST /v1/auth/login", {
    method: "POST",
    path: "/v1/auth/login",
    body: { email, password: "a password that is not right" },
    ip: `198.51.100.${(round + FAILURES_EACH) % 250}`,
  });
  if (answer.status !== 401) throw new Error(`A wrong password was answered ${answer.status}.`);
  return answer.tookMs;
}
