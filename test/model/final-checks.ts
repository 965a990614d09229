import { createHash, createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { isProven, type SignatureCheck } from "../../lib/activity/seal.ts";
import { verifyExport } from "../../lib/activity/verify-export.ts";
import { billOf, type Life } from "./bill.ts";
import { deliverCalmly } from "./commands/going-on.ts";
import { compareResources } from "./commands/working.ts";
import { livenessOf, type ModelSession, type ModelTenant, type Person } from "./model.ts";
import { demand, type Expectation, type Listed, look, lookAll, nowOf, type Run, wait } from "./run.ts";
import { settleSessions } from "./settle.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Longer than any session of a run can live. */
const ALL_OVER_MS = 4 * DAY_MS;

/** What late events are waited for (contract section 10), and an hour. */
const FINAL_AFTER_MS = 73 * HOUR_MS;

/** Holds all that has come of a run to the model, once nothing goes wrong any more and all is delivered. */
export async function holdToModel(run: Run): Promise<void> {
  await deliverCalmly(run);
  for (const home of run.tenants) {
    for (const person of home.people) {
      await settleSessions(run, person);
      if (!person.gone) await holdGuard(run, person);
    }
    await compareResources(run, home);
  }
  const lastUsedMs = nowOf(run);
  wait(run, ALL_OVER_MS);
  await runCalmly(run, "sweepExpiredSessions");
  await runCalmly(run, "reconcileResources");
  const lives = new Map<ModelTenant, ReadonlyMap<string, Life>>();
  for (const home of run.tenants) lives.set(home, await holdEnds(run, home));
  await closeMonths(run, lastUsedMs);
  for (const [home, lived] of lives) await holdInvoices(run, home, { lives: lived, lastUsedMs });
  // What is on record in this very moment is sealed and exported after it.
  wait(run, HOUR_MS);
  await runCalmly(run, "sealActivity");
  for (const home of run.tenants) await holdLog(run, home);
}

async function runCalmly(run: Run, schedule: string): Promise<void> {
  await run.scene.app.invoke(schedule, {});
  await deliverCalmly(run);
}

/** The row that the limit of concurrent sessions goes by counts those that are active. */
async function holdGuard(run: Run, person: Person): Promise<void> {
  const key = { pk: { S: `${person.home.tenant.id}#${person.id}` }, sk: { S: "active" } };
  const { Item: row = {} } = await run.scene.database.send(
    new GetItemCommand({ TableName: run.scene.tables.sessions, Key: key, ConsistentRead: true }),
  );
  const counted = Object.keys(row).flatMap((name) => (name.startsWith("a_") ? [name.slice(2)] : []));
  demand(
    Number(row["n"]?.N ?? 0) === counted.length,
    () => `The guard of ${person.id} counts ${row["n"]?.N} of ${counted}.`,
  );
  const nowMs = nowOf(run);
  for (const { id, end } of person.sessions.filter((session) => livenessOf(session, nowMs) === "over")) {
    // What time has ended is counted until somebody notices.
    const isNoticed = end !== undefined && !end.reasons.some((reason) => reason.endsWith("expired"));
    demand(
      !isNoticed || !counted.includes(id),
      () => `The guard of ${person.id} counts ${id}, which is over.`,
    );
  }
  for (const session of person.sessions.filter((one) => livenessOf(one, nowMs) === "alive")) {
    demand(counted.includes(session.id), () => `The guard of ${person.id} does not count ${session.id}.`);
  }
}

/** Every session is over, once, when and why the model says; when exactly is the product's to tell within that. */
async function holdEnds(run: Run, home: ModelTenant): Promise<ReadonlyMap<string, Life>> {
  const lives = new Map<string, Life>();
  for (const person of home.people) {
    const listed = await lookAll(run, home, `/v1/sessions?userId=${person.id}`);
    for (const session of person.sessions) {
      const found = listed.find(({ id }: Listed) => id === session.id);
      demand(found?.status === "ended", () => `${session.id} is not over: ${JSON.stringify(found)}`);
      holdEnd(session, found);
      lives.set(session.id, { startMs: Date.parse(found.createdAt), endMs: Date.parse(found.endedAt) });
    }
  }
  return lives;
}

function holdEnd(session: ModelSession, { endReason, endedAt }: Listed): void {
  const atMs = Date.parse(endedAt);
  if (session.end !== undefined) {
    const { reasons } = session.end;
    demand(reasons.includes(endReason), () => `${session.id} ended as ${endReason}, not as ${reasons}.`);
    const { earliestMs, latestMs } = session.end;
    const isThen = earliestMs <= atMs && atMs <= latestMs;
    demand(
      isThen,
      () => `${session.id} ended at ${endedAt}, not from ${toText(earliestMs)} to ${toText(latestMs)}.`,
    );
    return;
  }
  demand(
    endReason === "idle_expired" || endReason === "absolute_expired",
    () => `${session.id} ended as ${endReason}.`,
  );
}

function toText(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** Lets every month become final that something was used in. */
async function closeMonths(run: Run, lastUsedMs: number): Promise<void> {
  const last = new Date(lastUsedMs);
  const monthOverMs = Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + 1, 1);
  wait(run, Math.max(0, monthOverMs + FINAL_AFTER_MS - nowOf(run)));
  for (const name of ["rollUpUsage", "closeMonth", "closeMonth", "rollUpUsage", "closeMonth"]) {
    await runCalmly(run, name);
    wait(run, HOUR_MS);
  }
}

interface Billed {
  readonly lives: ReadonlyMap<string, Life>;
  readonly lastUsedMs: number;
}

/** A month has one invoice and no more, and with what came late it comes to what the model says, to the cent. */
async function holdInvoices(run: Run, home: ModelTenant, { lives, lastUsedMs }: Billed): Promise<void> {
  const listed = await lookAll(run, home, "/v1/invoices");
  const isFinal = listed.every(({ status }: Listed) => status === "final");
  demand(
    isFinal,
    () => `Not all is final: ${JSON.stringify(listed.filter(({ status }: Listed) => status !== "final"))}`,
  );
  const numbers = listed.map(({ number }: Listed) => Number(number.slice(4))).toSorted((a, b) => a - b);
  demand(
    numbers.every((number, at) => number === at + 1),
    () => `The numbers have gaps: ${numbers}`,
  );
  const input = { resources: home.resources, counters: [...home.counters.values()], lives };
  for (let month = new Date("2026-03-01T00:00:00Z"); month.getTime() <= lastUsedMs; ) {
    const next = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1));
    const name = month.toISOString().slice(0, 7);
    const { total, lines } = billOf({ ...input, fromMs: month.getTime(), toMs: next.getTime() });
    const documents = listed.filter((invoice: Listed) => invoice.month === name);
    const regular = documents.filter(({ type }: Listed) => type === "regular");
    demand(regular.length <= 1, () => `${name} has ${regular.length} invoices.`);
    const billed = documents.reduce((sum: bigint, invoice: Listed) => sum + centsOf(invoice.total), 0n);
    demand(billed === total, () => {
      const shown = documents.map(({ id, type, lines: billedLines }: Listed) => {
        return `${type} ${id} ${billedLines.map(({ meter, amount }: Listed) => `${meter} ${amount}`)}`;
      });
      const wanted = [...lines].map(([meter, cents]) => `${meter} ${cents}`);
      return `${home.name} in ${name}: ${total} cents (${wanted}), and ${billed} were billed (${shown}).`;
    });
    month = next;
  }
}

function centsOf(amount: string): bigint {
  return BigInt(amount.replace(".", ""));
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/** The log has what was done, once each and under the own tenant alone; its export and its proofs verify. */
async function holdLog(run: Run, home: ModelTenant): Promise<void> {
  const checkSignature = await signatureCheck(run);
  const text = await exported(run, home);
  const verdict = verifyExport({ sha256, checkSignature, checkSealSignature: checkSignature }, text);
  demand(verdict.ok, () => `The export of ${home.name} does not verify: ${JSON.stringify(verdict)}`);
  demand(verdict.seals > 0, () => "Nothing was sealed.");
  const records = text.split("\n").flatMap(recordOf);
  holdRecords(run, home, records);
  const some = records.filter((_, at) => at % Math.ceil(records.length / 3) === 0);
  for (const { id } of some) {
    const { status, body, text: told } = await look(run, home, `/v1/activity/${id}/proof`);
    demand(status === 200 && isProven({ sha256, checkSignature }, body), () => `No proof of ${id}: ${told}`);
  }
}

async function signatureCheck({ scene }: Run): Promise<SignatureCheck> {
  const { body } = await scene.app.request("GET", "/.well-known/jwks.json");
  const keys = new Map<string, JsonWebKey>(body.keys.map((jwk: Listed) => [jwk.kid, jwk]));
  return (kid, bytes, signature) => {
    const jwk = keys.get(kid);
    if (jwk === undefined) return false;
    const key = createPublicKey({ key: jwk, format: "jwk" });
    return verify("sha256", bytes, { key, dsaEncoding: "ieee-p1363" }, signature);
  };
}

async function exported(run: Run, home: ModelTenant): Promise<string> {
  let text = "";
  let path: string | undefined = "/v1/activity/export?format=jsonl&limit=1000";
  while (path !== undefined) {
    const told = await look(run, home, path);
    demand(told.status === 200, () => `The export was answered ${told.status} ${told.text}`);
    text += told.text;
    path = /^<([^>]+)>/.exec(told.headers["link"] ?? "")?.[1];
  }
  return text;
}

function recordOf(line: string): readonly Listed[] {
  if (line === "") return [];
  const { integrity: _integrity, ...record } = JSON.parse(line);
  return record.id === undefined ? [] : [record];
}

/** Records that come with a request's own. */
const BESIDE = new Set(["session:start", "session:end"]);

/** Whether a record is a request's own, rather than one of what the platform did in its name. */
function isOwn({ action, source }: Listed): boolean {
  return source === "api" && !BESIDE.has(action);
}

function holdRecords(run: Run, home: ModelTenant, records: readonly Listed[]): void {
  const byRequest = Map.groupBy(records.filter(isOwn), ({ requestId }: Listed): string => requestId);
  const foreign = records.find(({ tenantId }: Listed) => tenantId !== home.tenant.id);
  demand(foreign === undefined, () => `The log of ${home.name} has ${JSON.stringify(foreign)}`);
  for (const expectation of run.expectations) {
    const { tenantId, requestId, what } = expectation;
    const own = byRequest.get(requestId) ?? [];
    const isElsewhere = tenantId !== undefined && tenantId !== home.tenant.id;
    demand(
      !isElsewhere || own.length === 0,
      () => `The log of ${home.name} has ${what}, which is another's.`,
    );
    if (tenantId === home.tenant.id) holdRecord(expectation, byRequest);
  }
  const ends = records.filter(({ action }: Listed) => action === "session:end");
  for (const { id } of home.people.flatMap(({ sessions }) => sessions)) {
    const of = ends.filter(({ resource }: Listed) => resource.id === id);
    demand(of.length === 1, () => `${id} has ${of.length} records of its end: ${JSON.stringify(of)}`);
  }
}

/** What succeeded is on record once, what was refused is not, and what nobody knows of is once or not at all. */
function holdRecord(
  { requestId, what, outcome, repeats }: Expectation,
  byRequest: ReadonlyMap<string, readonly Listed[]>,
): void {
  const ids = outcome === "success" ? [requestId, repeats ?? ""] : [requestId];
  const own = ids.flatMap((id) => byRequest.get(id) ?? []);
  const successes = own.filter((record: Listed) => record.outcome === "success");
  const done =
    repeats === undefined ? successes : successes.filter(({ attributes }: Listed) => !attributes?.replayed);
  const isRight = outcome === "success" ? done.length === 1 : done.length <= (outcome === "refused" ? 0 : 1);
  // Whoever exports the log is on record only after what the export has.
  const isAfter = what.startsWith("GET /v1/activity/");
  demand(
    isRight || isAfter,
    () => `${what}, a ${outcome}, has ${done.length} records: ${JSON.stringify(own)}`,
  );
}
