import { createClient } from "../client/client.ts";
import { type FeedOptions, type LiveFeed, openLiveFeed } from "../client/live-feed.ts";
import { ActiveSessionError } from "../client/problem.ts";
import type { Tokens } from "./documents.ts";

/** How a request differs from a plain one. */
export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Not asked for by the person at the screen: it does not count as their being here. */
  readonly background?: boolean;
  /** Gets tokens in the answer: they are for this moment alone, and nothing is put into a cookie. */
  readonly inBody?: boolean;
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

/**
 * The one way to the API. The access token is in this module's client: no storage, no attribute and no global has it, and
 * the refresh token is in a cookie that no script can read.
 */
const client = createClient({
  baseUrl: location.origin,
  hasCookie: true,
  fetch: reach,
  inTurn,
  stepUp: async () => ((await around.stepUp()) ? "verified" : undefined),
  onTokens: (tokens, why) => {
    if (tokens === undefined && why !== undefined) around.sessionEnded(why.problem.reason ?? why.code);
  },
  // Who sits at the screen is told at once, and tries again.
  attempts: 1,
});

/** Takes over the token of a sign-in. */
export function adopt({ accessToken, expiresIn }: Pick<Tokens, "accessToken" | "expiresIn">): void {
  void client.setTokens({ accessToken, expiresIn });
}

/** Lets go of the session on this page. */
export function forget(): void {
  void client.setTokens(undefined);
}

/** Gets a fresh token for the refresh cookie. @throws ActiveSessionError */
export async function refresh(): Promise<void> {
  await client.refresh();
}

/** Opens the live feed of the session. */
export function liveFeed(options: FeedOptions): LiveFeed {
  return openLiveFeed(client, options);
}

/** Reads a document. @throws ActiveSessionError */
export async function get<T>(path: string, options?: CallOptions): Promise<T> {
  return await documentOf<T>(await send("GET", path, options));
}

/** Reads a document that need not be there: `undefined` where it is not. @throws ActiveSessionError */
export async function getOrNone<T>(path: string): Promise<T | undefined> {
  try {
    return await get<T>(path);
  } catch (error) {
    if (error instanceof ActiveSessionError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** Sends a document with POST; an answer without a body is `undefined`. @throws ActiveSessionError */
export async function post<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
  return await documentOf<T>(await send("POST", path, { ...options, body }));
}

/** Sends a document with PUT. @throws ActiveSessionError */
export async function put<T>(path: string, body: unknown, options?: CallOptions): Promise<T> {
  return await documentOf<T>(await send("PUT", path, { ...options, body }));
}

/** Sends a change with PATCH. @throws ActiveSessionError */
export async function patch<T>(path: string, body: unknown, options?: CallOptions): Promise<T> {
  return await documentOf<T>(await send("PATCH", path, { ...options, body }));
}

/** Deletes. @throws ActiveSessionError */
export async function remove(path: string, options?: CallOptions): Promise<void> {
  await send("DELETE", path, options);
}

/** A POST before there is a session: sign-in and what belongs to it. @throws ActiveSessionError */
export async function postOpenly<T>(path: string, body: unknown, challengeToken?: string): Promise<T> {
  const headers = challengeToken === undefined ? {} : { authorization: `Challenge ${challengeToken}` };
  return await documentOf<T>(await client.send({ method: "POST", path, body, headers: inCookie(headers) }));
}

/** A request in another session than one's own, by its token. @throws ActiveSessionError */
export async function withToken<T>(
  token: string,
  method: "GET" | "POST",
  request: { readonly path: string; readonly body?: unknown; readonly query?: CallOptions["query"] },
): Promise<T> {
  return await documentOf<T>(
    await client.send({
      method,
      ...request,
      query: withoutBlanks(request.query),
      headers: { authorization: `Bearer ${token}` },
    }),
  );
}

/** Makes one request in the caller's session. @throws ActiveSessionError */
export async function send(
  method: string,
  path: string,
  { headers, inBody, background, query, ...options }: CallOptions & { readonly body?: unknown } = {},
): Promise<Response> {
  const answer = await client.send({
    ...{ method, path, ...options, query: withoutBlanks(query) },
    headers: inBody === true ? headers : inCookie(headers),
  });
  if (background !== true) around.wasActive();
  return answer;
}

/** A filter that is left blank does not filter. */
function withoutBlanks(query: CallOptions["query"] = {}): CallOptions["query"] {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
}

/** Asks for the refresh token in a cookie, where the answer has one. */
function inCookie(headers: CallOptions["headers"]): NonNullable<CallOptions["headers"]> {
  return { "x-session-transport": "cookie", ...headers };
}

/** One tab at a time: an answer that is overtaken by another tab's would put an older cookie in a newer one's place. */
async function inTurn(work: () => Promise<void>): Promise<void> {
  if (navigator.locks === undefined) return await work();
  await navigator.locks.request("active-session-refresh", work);
}

async function reach(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  try {
    const answer = await fetch(url, init);
    around.reachable(true);
    return answer;
  } catch (error) {
    around.reachable(false);
    throw error;
  }
}

/** The parsing boundary: the API holds its answers to its own document, and the console trusts the API. */
async function documentOf<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
