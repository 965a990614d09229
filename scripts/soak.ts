/**
 * `npm run soak`: a whole stack of its own at full load, watched for growth in memory, for answers that nobody reckoned
 * with, and for anything lost that was answered. `-- --minutes 10 --workers 8 --outage --json`.
 */
import { setTimeout as wait } from "node:timers/promises";
import { type Send, sender } from "./soak/api.ts";
import { checkKept, checkState, type Kept } from "./soak/check-kept.ts";
import { type Office, work } from "./soak/day.ts";
import { emptyLedger } from "./soak/ledger.ts";
import { type MemorySample, sampleMemory } from "./soak/memory.ts";
import { readOptions, type SoakOptions } from "./soak/options.ts";
import { type OwnStack, startOwnStack } from "./soak/own-stack.ts";
import { reportOf, reportText } from "./soak/report.ts";
import { type Person, type SignedIn, signIn } from "./soak/sign-in.ts";
import { refresh } from "./soak/steps.ts";
import { type Tally, tally } from "./soak/tally.ts";

const say = (line: string) => process.stderr.write(`${line}\n`);

const options = readOptions(process.argv.slice(2));
let stack: OwnStack | undefined;
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => void leave(130));
try {
  say("Starting a stack of its own");
  stack = await startOwnStack({ isToSurvive: options.outage });
  const report = await Promise.race([soak(stack, options), stack.failure]);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${reportText(report)}\n`);
  await leave(report.held ? 0 : 1);
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await leave(1);
}

async function leave(status: number): Promise<never> {
  // What is still on its way up goes with this process.
  await stack?.end();
  process.exit(status);
}

async function soak(stack: OwnStack, { minutes, workers, outage, outageSeconds }: SoakOptions) {
  const seen = tally();
  const send = sender(stack.baseUrl, seen);
  const ledger = emptyLedger();
  const people = everybody(stack);
  const fromMs = Date.now();
  const endMs = fromMs + minutes * 60_000;
  const office: Office = {
    ...{ send, ledger, tally: seen, assets: await consoleAssets(send), heard: { messages: 0 } },
    isOver: () => Date.now() >= endMs,
  };
  const samples: MemorySample[] = [];
  const watching = new AbortController();
  const watched = { server: stack.server, heapFile: stack.heapFile, databasePid: stack.database.pid };
  const sampling = sampleMemory(watched, watching.signal, samples);
  say(`${workers} workers for ${minutes} min`);
  const outages = outage ? takeDatabaseAway(stack, seen, { minutes, outageSeconds }) : Promise.resolve();
  const atWork = await Promise.all(shares(people, workers).map((share) => work(office, share)));
  await outages;
  const seconds = Math.round((Date.now() - fromMs) / 1000);
  watching.abort();
  await sampling;
  say("Looking for what was answered");
  const signedIn = atWork.flatMap((me) => (me === undefined ? [] : [me]));
  for (const me of signedIn) await refresh({ me, send });
  const kept: readonly Kept[] = [
    await checkState(signedIn),
    ...(await checkKept({
      owners: owners(office, people),
      ledger,
      since: { fromMs, toMs: endMs, away: seen.away },
    })),
  ];
  const { outcomes, away } = seen;
  const messages = office.heard.messages;
  const unexplained = seen.unexplained();
  return reportOf({
    seconds,
    workers,
    outcomes,
    unexplained,
    away,
    samples,
    kept,
    messages,
    log: stack.log,
  });
}

function everybody({ accounts }: OwnStack): readonly Person[] {
  return accounts.tenants.flatMap(({ id: tenantId, users }) =>
    users.map((login) => ({ login, tenantId, lastStep: 0 })),
  );
}

/** Everybody works with one worker alone, and each worker with people of all tenants. */
function shares(people: readonly Person[], workers: number): readonly (readonly Person[])[] {
  return Array.from({ length: workers }, (_, worker) =>
    people.filter((_, index) => index % workers === worker),
  );
}

/** Takes the database away at a third of the time, and at two thirds has it hang. */
async function takeDatabaseAway(
  { database }: OwnStack,
  seen: Tally,
  { minutes, outageSeconds }: Pick<SoakOptions, "minutes" | "outageSeconds">,
): Promise<void> {
  await wait(minutes * 20_000);
  say("The database is killed");
  let isBack = seen.goAway("killed");
  await database.kill();
  await wait(outageSeconds * 1000);
  await database.restart();
  isBack();
  say("It is back");
  await wait(minutes * 20_000 - outageSeconds * 1000);
  say("The database hangs");
  isBack = seen.goAway("hanging");
  database.hang();
  await wait(outageSeconds * 1000);
  database.resume();
  isBack();
  say("It is back");
}

async function consoleAssets(send: Send): Promise<readonly string[]> {
  const page = await send({ kind: "console", method: "GET", path: "/", expects: [200] });
  const linked = Array.from(
    page.text.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g),
    ([, path = ""]) => path,
  );
  return ["/", "/openapi.json", "/docs", ...linked];
}

function owners(office: Office, people: readonly Person[]): readonly (() => Promise<SignedIn>)[] {
  return people
    .filter(({ login }) => login.roles.includes("owner"))
    .map((person) => async () => {
      const owner = await signIn(office, person);
      if (owner === undefined) throw new Error(`${person.login.email} could not sign in.`);
      return owner;
    });
}
