import { setTimeout as wait } from "node:timers/promises";
import speakeasy from "speakeasy";
import { type Client, createClient } from "../../client/client.ts";
import { ActiveSessionError } from "../../client/problem.ts";
import type { DemoUser } from "../local/accounts.ts";

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the demo is a client that reads documents as they come.
  readonly body: any;
}

/** What a request may carry. */
export interface ApiRequest {
  readonly body?: unknown;
  readonly mediaType?: string;
  readonly taskId?: string;
}

/** Somebody who is signed in. */
export interface ApiSession {
  readonly sessionId: string;
  readonly tenantId: string;
  /** Gives the answer, whatever its status. */
  send(method: string, path: string, request?: ApiRequest): Promise<ApiAnswer>;
  /** Gives the body of a success. @throws Error with the problem's detail */
  call(method: string, path: string, request?: ApiRequest): Promise<ApiAnswer["body"]>;
  /** All items of a list, page by page. */
  all(path: string): Promise<ApiAnswer["body"][]>;
}

const LOGIN = { method: "POST", path: "/v1/auth/login" };
const SECOND_FACTOR = { method: "POST", path: "/v1/auth/mfa" };

/** Signs in over HTTP, with the second factor where there is one. */
export async function signIn(
  baseUrl: string,
  login: DemoUser,
  say: (line: string) => void,
): Promise<ApiSession> {
  // What is refused is part of the story: it is shown, and not tried again.
  const client = createClient({ baseUrl, attempts: 1 });
  const { email, password } = login;
  let answer = await sent(client, LOGIN, { body: { email, password, deviceName: "Demo" } });
  if (answer.body.status === "mfa_required") {
    answer = await secondFactor(client, login, { challengeToken: answer.body.challengeToken, say });
  }
  const { accessToken, refreshToken, expiresIn, session } = success(answer, `${email} could not sign in`);
  await client.setTokens({ accessToken, refreshToken, expiresIn });
  return apiSession(client, session);
}

async function secondFactor(
  client: Client,
  login: DemoUser,
  { challengeToken, say }: { readonly challengeToken: string; readonly say: (line: string) => void },
): Promise<ApiAnswer> {
  const verify = () => {
    const code = speakeasy.totp({ secret: login.totpSecret ?? "", encoding: "base32" });
    return sent(client, SECOND_FACTOR, { body: { challengeToken, code } });
  };
  const answer = await verify();
  if (answer.status !== 401 || answer.body.code !== "mfa.invalid_code") return answer;
  // Each code is good once: somebody has used the present one already.
  const pauseMs = 30_000 - (Date.now() % 30_000) + 500;
  say(`  ${login.email}: this code was used before; the next one is due in ${Math.ceil(pauseMs / 1000)} s`);
  await wait(pauseMs);
  return await verify();
}

function apiSession(client: Client, session: { readonly id: string; readonly tenantId: string }): ApiSession {
  const send: ApiSession["send"] = (method, path, request) => sent(client, { method, path }, request);
  const call: ApiSession["call"] = async (method, path, options) =>
    success(await send(method, path, options), `${method} ${path}`);
  return {
    sessionId: session.id,
    tenantId: session.tenantId,
    send,
    call,
    all: async (path) => {
      const items: ApiAnswer["body"][] = [];
      let cursor: string | null = null;
      do {
        const separator = path.includes("?") ? "&" : "?";
        const more = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const page = await call("GET", `${path}${separator}limit=200${more}`);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    },
  };
}

async function sent(
  client: Client,
  to: { readonly method: string; readonly path: string },
  { body, mediaType, taskId }: ApiRequest = {},
): Promise<ApiAnswer> {
  const headers = taskId === undefined ? {} : { "x-task-id": taskId };
  try {
    const answer = await client.send({ ...to, body, headers, contentType: mediaType });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  } catch (thrown) {
    if (!(thrown instanceof ActiveSessionError) || thrown.problem.status === 0) throw thrown;
    return { status: thrown.problem.status, body: thrown.problem };
  }
}

function success(answer: ApiAnswer, what: string): ApiAnswer["body"] {
  if (answer.status < 300) return answer.body;
  throw new Error(`${what}: ${answer.status} ${answer.body?.detail ?? ""}`);
}
