import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "./api.ts";
import type { Ledger } from "./ledger.ts";
import type { SignedIn } from "./sign-in.ts";
import type { Away } from "./tally.ts";

/** Seals are made once a minute, and what follows from the log has to catch up first. */
const SETTLED_WITHIN_MS = 180_000;

/** Records of a tenant of which the proof is asked for, beside those of the moments when the database went and came. */
const PROOFS = 30;

/** What was looked for after the load, and what of it was not as it had been answered. */
export interface Kept {
  readonly what: string;
  readonly looked: number;
  readonly wrong: readonly string[];
}

/** What checking needs. */
export interface CheckInput {
  /** Sign an owner of each tenant in, when it is the tenant's turn: a token lives five minutes. */
  readonly owners: readonly (() => Promise<SignedIn>)[];
  readonly ledger: Ledger;
  /** When the load went on, and when the database was away in it. */
  readonly since: { readonly fromMs: number; readonly toMs: number; readonly away: readonly Away[] };
}

/** Looks for all that was answered, tenant by tenant. */
export async function checkKept(input: CheckInput): Promise<readonly Kept[]> {
  const found: Kept[] = [];
  const settled = settling(Date.now() + SETTLED_WITHIN_MS);
  for (const signIn of input.owners) {
    const owner = await signIn();
    found.push(await checkSessions(owner, input.ledger));
    found.push(await checkResources(owner, input.ledger, settled));
    found.push(await checkUsage(owner, input));
    found.push(...(await checkRecords(owner, input, settled)));
  }
  const byWhat = Map.groupBy(found, ({ what }) => what);
  return Array.from(byWhat, ([what, parts]) => ({
    what,
    looked: parts.reduce((sum, { looked }) => sum + looked, 0),
    wrong: parts.flatMap(({ wrong }) => wrong),
  }));
}

/** What a signed-in person finds in the state of the sessions that are still theirs. */
export async function checkState(people: readonly SignedIn[]): Promise<Kept> {
  const wrong: string[] = [];
  let looked = 0;
  for (const me of people) {
    for (const [key, value] of me.kept.state) {
      looked++;
      const answer = await read(me, `/v1/sessions/current/state/${key}`);
      if (answer.body?.value !== value)
        wrong.push(`${me.kept.sessionId} ${key}: ${told(answer)} for ${value}`);
    }
  }
  return { what: "state documents", looked, wrong };
}

async function checkSessions(owner: SignedIn, ledger: Ledger): Promise<Kept> {
  const sessions = ledger.sessions.filter(
    ({ tenantId, is }) => tenantId === owner.kept.tenantId && is !== "unknown",
  );
  const wrong: string[] = [];
  for (const { sessionId, is } of sessions) {
    const answer = await read(owner, `/v1/sessions/${sessionId}`);
    if (answer.body?.status !== is) wrong.push(`${sessionId} is ${told(answer)}, answered as ${is}`);
  }
  return { what: "sessions", looked: sessions.length, wrong };
}

async function checkResources(owner: SignedIn, ledger: Ledger, settled: Settle): Promise<Kept> {
  const resources = ledger.resources.filter(({ tenantId }) => tenantId === owner.kept.tenantId);
  const wrong: string[] = [];
  for (const { id, desired, isDeleted } of resources) {
    const path = `/v1/resources/${id}`;
    const isAs = ({ status, body }: Answer) =>
      isDeleted
        ? status === 404 || body?.state === "deleted"
        : body?.state === "running" && body.spec.desired === desired;
    const answer = await settled(() => read(owner, path), isAs);
    if (!isAs(answer)) wrong.push(`${id} is ${told(answer)}, answered as ${isDeleted ? "deleted" : desired}`);
  }
  return { what: "resources", looked: resources.length, wrong };
}

async function checkUsage(owner: SignedIn, { ledger, since }: CheckInput): Promise<Kept> {
  const expected = ledger.usageEvents.get(owner.kept.tenantId) ?? 0;
  const span = { from: new Date(since.fromMs).toISOString(), to: new Date(Date.now() + 1000).toISOString() };
  const { body } = await read(owner, `/v1/usage?groupBy=meter&${new URLSearchParams(span)}`);
  const line = body.items.find(({ key }: { readonly key: string }) => key === "network");
  const counted = Number(line?.quantity ?? 0) + Number(line?.unattributed ?? 0);
  const wrong =
    counted === expected ? [] : [`${owner.kept.tenantId}: ${counted} counted of ${expected} answered`];
  return { what: "usage events", looked: expected, wrong };
}

interface ShownRecord {
  readonly id: string;
  readonly time: string;
  readonly action: string;
  readonly requestId?: string;
}

/** Every request that was answered is on record, and what follows from the log has not lost any of it. */
async function checkRecords(
  owner: SignedIn,
  { ledger, since }: CheckInput,
  settled: Settle,
): Promise<readonly Kept[]> {
  const answered = ledger.records.get(owner.kept.tenantId) ?? [];
  const askedFor = [...answered];
  const records = await exported(owner, since.fromMs);
  const onRecord = new Set(records.map(({ requestId }) => requestId));
  const missing = askedFor
    .filter((attempts) => !attempts.some((requestId) => onRecord.has(requestId)))
    .map((attempts) => attempts.join(" "));
  const proofs: string[] = [];
  const sample = recordsToProve(
    // What the check itself leaves behind is sealed after it.
    records.filter(({ time }) => Date.parse(time) < since.toMs),
    since.away,
  );
  for (const { id, time, action } of sample) {
    const answer = await settled(
      () => read(owner, `/v1/activity/${id}/proof`),
      ({ status }) => status === 200,
    );
    if (answer.status !== 200) proofs.push(`${id} ${action} of ${time}: ${told(answer)}`);
  }
  return [
    { what: "activity records", looked: askedFor.length, wrong: missing },
    { what: "sealed records", looked: sample.length, wrong: proofs },
  ];
}

/** Some of all, and those of the seconds in which the database went and came back. */
function recordsToProve(records: readonly ShownRecord[], away: readonly Away[]): readonly ShownRecord[] {
  const every = Math.max(1, Math.floor(records.length / PROOFS));
  const edges = away.flatMap(({ fromMs, toMs }) =>
    [fromMs, toMs].flatMap((edgeMs) =>
      records.filter(({ time }) => Math.abs(Date.parse(time) - edgeMs) < 1000).slice(0, PROOFS),
    ),
  );
  return [...records.filter((_, index) => index % every === 0), ...edges];
}

async function exported(owner: SignedIn, fromMs: number): Promise<readonly ShownRecord[]> {
  const records: ShownRecord[] = [];
  let path: string | undefined =
    `/v1/activity/export?format=jsonl&limit=1000&from=${new Date(fromMs).toISOString()}`;
  while (path !== undefined) {
    const answer: Answer = await read(owner, path);
    if (answer.status !== 200) throw new Error(`The log could not be read: ${told(answer)}`);
    for (const line of answer.text.split("\n")) records.push(...recordsIn(line));
    path = /<([^>]+)>; rel="next"/.exec(answer.link ?? "")?.[1];
  }
  return records;
}

/** A line has a record; one that has none says something about those before it. */
function recordsIn(line: string): readonly ShownRecord[] {
  if (line === "") return [];
  const record: Partial<ShownRecord> = JSON.parse(line);
  return isRecord(record) ? [record] : [];
}

function isRecord(line: Partial<ShownRecord>): line is ShownRecord {
  return line.id !== undefined;
}

async function read(me: SignedIn, path: string): Promise<Answer> {
  const ask = { kind: "check", method: "GET", path, expects: [200, 404, 409], isRecorded: false } as const;
  return await me.insist(ask);
}

type Settle = (look: () => Promise<Answer>, isSettled: (answer: Answer) => boolean) => Promise<Answer>;

/** Looks again until it is as it should be, or until all of the time is up that there is for everything. */
function settling(deadlineMs: number): Settle {
  return async (look, isSettled) => {
    for (;;) {
      const answer = await look();
      if (isSettled(answer) || Date.now() > deadlineMs) return answer;
      await wait(1000);
    }
  };
}

function told({ status, body }: Answer): string {
  return `${status} ${body?.code ?? body?.state ?? body?.status ?? ""}`;
}
