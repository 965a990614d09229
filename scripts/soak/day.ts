import type { Send } from "./api.ts";
import type { Ledger } from "./ledger.ts";
import { type Person, type SignedIn, signIn } from "./sign-in.ts";
import { type Desk, deleteGroup, STEPS, type Step } from "./steps.ts";
import type { Tally } from "./tally.ts";

const STEPS_A_DAY = 120;

/** What happens on a connection has no request of its own. */
const ONCE = { requestId: "", isExpected: true } as const;

/** What all workers share. */
export interface Office {
  readonly send: Send;
  readonly ledger: Ledger;
  readonly tally: Tally;
  readonly assets: readonly string[];
  /** Whether it is time to go. */
  readonly isOver: () => boolean;
  /** Messages that came over live feeds. */
  readonly heard: { messages: number };
}

/**
 * One worker: signs in as one person after the other, and works without a pause until it is time to go. Answers with
 * whoever was at work then.
 */
export async function work(office: Office, people: readonly Person[]): Promise<SignedIn | undefined> {
  for (let day = 0; !office.isOver(); day++) {
    const person = people[day % people.length];
    const me = person && (await signIn(office, person));
    if (me === undefined) continue;
    await spendDay(office, me);
    if (office.isOver() && me.kept.is === "active") return me;
  }
  return undefined;
}

async function spendDay(office: Office, me: SignedIn): Promise<void> {
  const desk: Desk = { ...office, me, own: [] };
  const isAdmin = !me.person.login.roles.includes("member");
  const steps = STEPS.filter((step) => step.for === undefined || isAdmin);
  const feed = await openFeed(office, me);
  for (let taken = 0; taken < STEPS_A_DAY && !office.isOver() && me.kept.is === "active"; taken++) {
    await chosen(steps)?.take(desk);
  }
  feed?.close();
  // Who is still at work when time is over leaves everything as it is: it has to be there afterwards.
  if (office.isOver() || me.kept.is !== "active") return;
  for (const resource of [...desk.own]) if (Math.random() < 0.8) await deleteGroup(desk, resource);
  await logOut(me);
}

function chosen(steps: readonly Step[]): Step | undefined {
  let left = Math.random() * steps.reduce((sum, { weight }) => sum + weight, 0);
  return steps.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
}

async function logOut(me: SignedIn): Promise<void> {
  const ask = {
    kind: "log-out",
    method: "POST",
    path: "/v1/auth/logout",
    expects: [204],
    expectsAgain: [401],
  };
  const answer = await me.insist(ask);
  if ([204, 401].includes(answer.status)) me.kept.is = "ended";
}

/** Listens in on what happens; `undefined` where the feed could not be opened. */
async function openFeed(office: Office, me: SignedIn): Promise<{ close(): void } | undefined> {
  const ask = { kind: "live: ticket", method: "POST", path: "/v1/live/tickets", body: {} };
  const { body } = await me.insist({ ...ask, expects: [200], isRecorded: false });
  if (body?.url === undefined) return undefined;
  const startedMs = performance.now();
  const feed = new WebSocket(body.url);
  let isDone = false;
  // Whoever takes too long to take a message, or cannot be looked up, is let go, and comes back for what they missed.
  const closed = () => {
    if (!isDone)
      office.tally.add({ ...ONCE, kind: "live: let go", status: 101, atMs: Date.now(), tookMs: 0 });
    isDone = true;
  };
  feed.addEventListener("open", () => {
    const tookMs = performance.now() - startedMs;
    office.tally.add({ ...ONCE, kind: "live: open", status: 101, atMs: Date.now(), tookMs });
  });
  feed.addEventListener("message", () => {
    office.heard.messages++;
  });
  feed.addEventListener("close", closed);
  feed.addEventListener("error", closed);
  return {
    close: () => {
      isDone = true;
      feed.close();
    },
  };
}
