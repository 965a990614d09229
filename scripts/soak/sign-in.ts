import { setTimeout as wait } from "node:timers/promises";
import speakeasy from "speakeasy";
import type { DemoUser } from "../local/accounts.ts";
import type { Answer, Ask, Send } from "./api.ts";
import type { KeptSession, Ledger } from "./ledger.ts";

const STEP_MS = 30_000;
const ATTEMPTS_MAX = 120;

/** Somebody of the soak, with the step of the code that they used last: each code is good once. */
export interface Person {
  readonly login: DemoUser;
  readonly tenantId: string;
  lastStep: number;
}

/** Somebody who is signed in. */
export interface SignedIn {
  readonly person: Person;
  readonly kept: KeptSession;
  accessToken: string;
  refreshToken: string;
  /** Sends with the session's token. */
  readonly send: (ask: OwnAsk) => Promise<Answer>;
  /** The same, again and again as long as the service asks to come back. */
  readonly insist: (ask: OwnAsk & Again) => Promise<Answer>;
}

/** A request with a session's token. Its answer has a record in the log, unless it says otherwise. */
type OwnAsk = Omit<Ask, "token"> & { readonly isRecorded?: false };

/** What may be answered, beside what is expected, to a request that is repeated: the first may have had its effect. */
interface Again {
  readonly expectsAgain?: readonly number[];
}

/** Where requests go, and where it is written down what was answered. */
export interface Desk {
  readonly send: Send;
  readonly ledger: Ledger;
}

/** Sends until something else than "come back" is answered. Gives the answer, and the request ids of all attempts. */
export async function insist(
  send: Send,
  { expectsAgain = [], ...ask }: Ask & Again,
): Promise<{ readonly answer: Answer; readonly requestIds: readonly string[] }> {
  const requestIds: string[] = [];
  let expects = ask.expects;
  for (;;) {
    const answer = await send({ ...ask, expects });
    requestIds.push(answer.requestId);
    const isToComeBack = [0, 503].includes(answer.status) || answer.body?.code === "idempotency.in_progress";
    if (!isToComeBack || requestIds.length === ATTEMPTS_MAX) return { answer, requestIds };
    expects = [...ask.expects, ...expectsAgain];
    await wait(1000 * Math.max(1, answer.retryAfterSeconds));
  }
}

/** Signs in with password and code; `undefined` where the code was used by a request whose answer was lost. */
export async function signIn(desk: Desk, person: Person): Promise<SignedIn | undefined> {
  const { email, password } = person.login;
  const login = {
    kind: "sign-in: password",
    method: "POST",
    path: "/v1/auth/login",
    body: { email, password },
  };
  const { answer: first } = await insist(desk.send, { ...login, expects: [200] });
  if (first.status !== 200) return undefined;
  const body = { challengeToken: String(first.body.challengeToken), code: await nextCode(person) };
  const verify = { kind: "sign-in: code", method: "POST", path: "/v1/auth/mfa", body };
  const { answer, requestIds } = await insist(desk.send, { ...verify, expects: [200], expectsAgain: [401] });
  if (answer.status !== 200) return undefined;
  recordsOf(desk.ledger, person).push(requestIds);
  return signedIn(desk, person, answer);
}

function recordsOf(ledger: Ledger, { tenantId }: Person): (readonly string[])[] {
  const known = ledger.records.get(tenantId) ?? [];
  ledger.records.set(tenantId, known);
  return known;
}

function signedIn(desk: Desk, person: Person, { body }: Answer): SignedIn {
  const { tenantId } = person;
  const kept: KeptSession = { tenantId, sessionId: body.session.id, is: "active", state: new Map() };
  desk.ledger.sessions.push(kept);
  const records = recordsOf(desk.ledger, person);
  const session: SignedIn = {
    ...{ person, kept, accessToken: body.accessToken, refreshToken: body.refreshToken },
    send: async ({ isRecorded, ...ask }) => {
      const answer = await desk.send({ ...ask, token: session.accessToken });
      if (isRecorded !== false && hasRecord(answer)) records.push([answer.requestId]);
      return answer;
    },
    insist: async ({ isRecorded, ...ask }) => {
      const { answer, requestIds } = await insist(desk.send, { ...ask, token: session.accessToken });
      if (isRecorded !== false && hasRecord(answer)) records.push(requestIds);
      return answer;
    },
  };
  return session;
}

/** Who is not known, as with a token that has expired, is on nobody's record. */
function hasRecord({ status }: Answer): boolean {
  return status > 0 && status < 500 && status !== 401;
}

/** The code of the present step, or of the next one once it has come. */
async function nextCode(person: Person): Promise<string> {
  while (Math.floor(Date.now() / STEP_MS) <= person.lastStep) await wait(250);
  person.lastStep = Math.floor(Date.now() / STEP_MS);
  return speakeasy.totp({ secret: person.login.totpSecret ?? "", encoding: "base32" });
}
