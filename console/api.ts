import type { Tokens } from "./documents.ts";
import { ApiError, refusalOf, Unreachable } from "./problem.ts";

/**
 * The one way to the API. The access token is a variable of this module: no storage, no attribute and no global has it,
 * and the refresh token is in a cookie that no script can read.
 */
let accessToken: string | undefined;
let expiresAtMs = 0;

/** A token that is about to expire is not sent: it could be over by the time it arrives. */
const EARLY_MS = 20_000;

/** How a request differs from a plain one. */
export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Not asked for by the person at the screen: it does not count as their being here. */
  readonly background?: boolean;
  /** Gets tokens in the answer: they are for this moment alone, and nothing is put into a cookie. */
  readonly inBody?: boolean;
  /** It makes something: sent again after a step-up or a lost answer, it makes it once all the same. */
  readonly creates?: boolean;
}

/** What the page around the API has to do. */
export interface Surroundings {
  /** Asks for a factor again. Answers whether one was verified. */
  stepUp(): Promise<boolean>;
  /** The session is over, for a reason of the API's. */
  sessionEnded(reason: string): void;
  /** The person did something that the server has answered. */
  wasActive(): void;
  /** Whether the service answers. */
  reachable(isReachable: boolean): void;
}

let around: Surroundings = {
  stepUp: async () => false,
  sessionEnded: () => undefined,
  wasActive: () => undefined,
  reachable: () => undefined,
};

/** Connects the API to its page, once at the start. */
export function surround(surroundings: Surroundings): void {
  around = surroundings;
}

/** Takes over the token of a sign-in. */
export function adopt(tokens: Pick<Tokens, "accessToken" | "expiresIn">): void {
  accessToken = tokens.accessToken;
  expiresAtMs = Date.now() + tokens.expiresIn * 1000;
}

/** Lets go of the session on this page. */
export function forget(): void {
  accessToken = undefined;
}

/** Reads a document. @throws ApiError, Unreachable */
export async function get<T>(path: string, options?: CallOptions): Promise<T> {
  return await documentOf<T>(await send("GET", path, options));
}

/** Reads a document that need not be there: `undefined` where it is not. @throws ApiError, Unreachable */
export async function getOrNone<T>(path: string): Promise<T | undefined> {
  try {
    return await get<T>(path);
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** Sends a document with POST; an answer without a body is `undefined`. @throws ApiError, Unreachable */
export async function post<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
  return await documentOf<T>(await send("POST", path, { ...options, body }));
}

/** Sends a document with PUT. @throws ApiError, Unreachable */
export async function put<T>(path: string, body: unknown, options?: CallOptions): Promise<T> {
  return await documentOf<T>(await send("PUT", path, { ...options, body }));
}

/** Sends a change with PATCH. @throws ApiError, Unreachable */
export async function patch<T>(path: string, body: unknown, options?: CallOptions): Promise<T> {
  return await documentOf<T>(await send("PATCH", path, { ...options, body }));
}

/** Deletes. @throws ApiError, Unreachable */
export async function remove(path: string, options?: CallOptions): Promise<void> {
  await send("DELETE", path, options);
}

/** A POST before there is a session: sign-in and what belongs to it. @throws ApiError, Unreachable */
export async function postOpenly<T>(path: string, body: unknown, challengeToken?: string): Promise<T> {
  const headers = challengeToken === undefined ? {} : { authorization: `Challenge ${challengeToken}` };
  return await documentOf<T>(await fetchOnce("POST", path, { body, headers }));
}

/** A request in another session than one's own, by its token. @throws ApiError, Unreachable */
export async function withToken<T>(
  token: string,
  method: "GET" | "POST",
  request: { readonly path: string; readonly body?: unknown; readonly query?: CallOptions["query"] },
): Promise<T> {
  const { path, body, query } = request;
  const headers = { authorization: `Bearer ${token}` };
  const options = {
    headers,
    ...(body === undefined ? {} : { body }),
    ...(query === undefined ? {} : { query }),
  };
  return await documentOf<T>(await fetchOnce(method, path, options));
}

/** Makes one request in the caller's session, and looks after what may come between: expiry and step-up. */
export async function send(
  method: string,
  path: string,
  options: CallOptions & { readonly body?: unknown } = {},
): Promise<Response> {
  const once = options.creates === true ? { "idempotency-key": crypto.randomUUID() } : {};
  const request = { ...options, headers: { ...once, ...options.headers } };
  if (accessToken === undefined || Date.now() > expiresAtMs - EARLY_MS) await refresh();
  try {
    return await authorised(method, path, request);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "auth.token_expired" || error.code === "auth.token_invalid") await refresh();
    else if (error.code !== "auth.step_up_required" || !(await around.stepUp())) throw error;
    return await authorised(method, path, request);
  }
}

async function authorised(
  method: string,
  path: string,
  options: CallOptions & { readonly body?: unknown },
): Promise<Response> {
  const headers = { authorization: `Bearer ${accessToken}`, ...options.headers };
  try {
    const answer = await fetchOnce(method, path, { ...options, headers });
    if (options.background !== true) around.wasActive();
    return answer;
  } catch (error) {
    if (error instanceof ApiError && isOver(error)) end(error);
    throw error;
  }
}

let refreshing: Promise<void> | undefined;

/** Gets a fresh token for the refresh cookie. @throws ApiError where there is no session any more, Unreachable */
export async function refresh(): Promise<void> {
  refreshing ??= inTurn(exchange).finally(() => {
    refreshing = undefined;
  });
  await refreshing;
}

/** One tab at a time: an answer that is overtaken by another tab's would put an older cookie in a newer one's place. */
async function inTurn(work: () => Promise<void>): Promise<void> {
  if (navigator.locks === undefined) return await work();
  await navigator.locks.request("active-session-refresh", work);
}

async function exchange(): Promise<void> {
  try {
    adopt(await documentOf<Tokens>(await fetchOnce("POST", "/v1/auth/refresh", { body: {} })));
  } catch (error) {
    if (error instanceof ApiError && (isOver(error) || error.problem.status === 403)) end(error);
    throw error;
  }
}

const OVER: readonly string[] = ["session.ended", "refresh.invalid", "refresh.reused", "auth.required"];

function isOver({ code }: ApiError): boolean {
  return OVER.includes(code);
}

function end({ problem, code }: ApiError): void {
  forget();
  around.sessionEnded(typeof problem["reason"] === "string" ? problem["reason"] : code);
}

async function fetchOnce(
  method: string,
  path: string,
  { body, headers, query, inBody }: CallOptions & { readonly body?: unknown },
): Promise<Response> {
  const answer = await reach(withQuery(path, query), {
    method,
    headers: {
      ...(inBody === true ? {} : { "x-session-transport": "cookie" }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: "same-origin",
  });
  if (!answer.ok) throw await refusalOf(answer);
  return answer;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    const answer = await fetch(url, init);
    around.reachable(true);
    return answer;
  } catch (cause) {
    around.reachable(false);
    throw new Unreachable(cause);
  }
}

function withQuery(path: string, query: CallOptions["query"] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/** The parsing boundary: the API holds its answers to its own document, and the console trusts the API. */
async function documentOf<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
