import type { Operations } from "./api.ts";
import { ActiveSessionError, problemOf } from "./problem.ts";

/** What a session is held with. */
export interface Tokens {
  readonly accessToken: string;
  /** Absent where the browser's cookie has it. */
  readonly refreshToken?: string;
  /** How long the access token lasts from now, in seconds: one that is about to run out is not sent any more. */
  readonly expiresIn?: number;
}

/**
 * What the client asks for when an action needs a recently verified factor: a code to verify, or `"verified"` where that
 * is done and its tokens are set; `undefined` gives up.
 */
export type StepUp = (asked: {
  readonly maxAgeSeconds: number;
}) => Promise<{ readonly code: string; readonly factorId?: string } | "verified" | undefined>;

/** How a client is made. */
export interface ClientOptions {
  /** `http://localhost:3000`, without `/v1`. */
  readonly baseUrl: string;
  readonly tokens?: Tokens;
  /**
   * Whether the refresh token is in the cookie of a browser, where no script can read it: then there is a session to go
   * on with before there are tokens.
   */
  readonly hasCookie?: boolean;
  /** Told of each new pair, before the request that needed it goes on; `undefined` when the session is over, and why. */
  readonly onTokens?: (tokens: Tokens | undefined, why?: ActiveSessionError) => void | Promise<void>;
  /** Lets one of those who share the session refresh it at a time, such as the tabs of a browser. */
  readonly inTurn?: (refresh: () => Promise<void>) => Promise<void>;
  readonly stepUp?: StepUp;
  /** Attempts of a request that may be repeated, the first included; 4 unless it is given. */
  readonly attempts?: number;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Waits between attempts, in milliseconds. */
  readonly wait?: (ms: number) => Promise<void>;
  /** Makes an `Idempotency-Key`. */
  readonly newKey?: () => string;
  /** The time in milliseconds; the platform's unless it is given. */
  readonly now?: () => number;
}

/** The name of an operation: `GET /v1/sessions`. */
export type OperationName = keyof Operations & string;

type Part<Name extends string, Value> = Value extends undefined
  ? { readonly [Key in Name]?: undefined }
  : Record<never, never> extends Value
    ? { readonly [Key in Name]?: Value }
    : { readonly [Key in Name]: Value };

/** What a call takes: its path's, its query's and its body's members, and headers beside them. */
export type CallInput<Name extends OperationName> = Part<"path", Operations[Name]["path"]> &
  Part<"query", Operations[Name]["query"]> &
  Part<"body", Operations[Name]["body"]> & {
    readonly headers?: Readonly<Record<string, string>>;
    /** Where it is not `application/json`. */
    readonly contentType?: string;
  };

/** An answer of success. */
export interface Answer<Name extends OperationName> {
  readonly body: Operations[Name]["answer"];
  readonly status: number;
  readonly headers: Headers;
}

/** Speaks with one deployment, for one session. */
export interface Client {
  /**
   * Calls an operation. An access token that ran out is refreshed, once for all calls that wait for it; what may be
   * repeated is repeated where the service is busy (`Retry-After`) or away; a factor is asked for where one is needed.
   * @throws ActiveSessionError
   */
  call<Name extends OperationName>(
    name: Name,
    ...input: Record<never, never> extends CallInput<Name> ? [CallInput<Name>?] : [CallInput<Name>]
  ): Promise<Answer<Name>>;
  /**
   * Sends a request by its path, and gives the answer as it is, with all that `call` does around it. One that brings an
   * `authorization` of its own is not of this session. @throws ActiveSessionError
   */
  send(request: PlainRequest): Promise<Response>;
  tokens(): Tokens | undefined;
  /** Goes on with these, or, with `undefined`, without a session. */
  setTokens(tokens: Tokens | undefined): Promise<void>;
  /** Gets fresh tokens, once for all who ask for them meanwhile. @throws ActiveSessionError */
  refresh(): Promise<void>;
}

/** A request by its path: `/v1/sessions`. */
export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `application/json` unless it is given. */
  readonly contentType?: string | undefined;
}

/** These are told of by their own answers: they begin a session, or go on with it, and know no bearer. */
const WITHOUT_SESSION =
  /^POST \/v1\/auth\/(login|mfa|mfa\/send|refresh|replace|passkey|passkey\/options|password-reset|invitation)/;

/** Makes a client. */
export function createClient(options: ClientOptions): Client {
  const { authorised, tokens } = sessionOf(options);
  const send = async (request: PlainRequest): Promise<Response> =>
    isOfSession(request) ? await authorised(withKey(options, request)) : await succeeded(options, request);
  return {
    call: async (name, ...[input]) => {
      const [method = "", template = ""] = name.split(" ");
      const { path = {}, ...rest } = (input ?? {}) as Omit<PlainRequest, "method"> & {
        path?: Record<string, unknown>;
      };
      const headers = { accept: "application/json", ...rest.headers };
      const answer = await send({ ...rest, headers, method, path: filled(template, path) });
      return { status: answer.status, headers: answer.headers, body: await bodyOf(answer) };
    },
    send,
    tokens: tokens.now,
    setTokens: (next) => tokens.set(next),
    refresh: () => tokens.refreshOnce(tokens.now()),
  };
}

function isOfSession({ method, path, headers = {} }: PlainRequest): boolean {
  return !WITHOUT_SESSION.test(`${method} ${path}`) && headers["authorization"] === undefined;
}

/** A token that is about to run out is not sent: it could be over by the time it arrives. */
const EARLY_MS = 20_000;

/** Refusals that only a new sign-in helps against. */
const OVER: readonly string[] = ["session.ended", "refresh.invalid", "refresh.reused", "auth.required"];

/** The tokens of a session, and how they are followed by others. */
function tokensOf(options: ClientOptions) {
  const { now = Date.now, hasCookie = false, inTurn = (refresh) => refresh() } = options;
  let tokens: Tokens | undefined;
  let freshUntilMs = 0;
  let refreshing: Promise<void> | undefined;

  const hold = (next: Tokens | undefined): void => {
    tokens = next;
    freshUntilMs = now() + (next?.expiresIn ?? Number.POSITIVE_INFINITY) * 1000 - EARLY_MS;
  };
  hold(options.tokens);
  const set = async (next: Tokens | undefined, why?: ActiveSessionError): Promise<void> => {
    hold(next);
    await options.onTokens?.(next, why);
  };
  /** Goes on with the tokens of an answer. */
  const take = async (answer: Response): Promise<void> => await set(heldOf((await bodyOf(answer)) as Tokens));
  const refresh = async (): Promise<void> => {
    try {
      // It may be repeated: for 10 s the service gives the same successor again.
      await take(await succeeded(options, refreshRequest(tokens?.refreshToken)));
    } catch (thrown) {
      if (isRefused(thrown)) await set(undefined, thrown);
      throw thrown;
    }
  };
  /** One refresh for all who wait for it: a second one would use the token up a second time. */
  const refreshOnce = async (used: Tokens | undefined): Promise<void> => {
    if (tokens !== undefined && tokens.accessToken !== used?.accessToken) return;
    refreshing ??= inTurn(refresh).finally(() => {
      refreshing = undefined;
    });
    await refreshing;
  };
  const canFollow = () => hasCookie || tokens?.refreshToken !== undefined;
  return {
    ...{ set, take, refreshOnce, canFollow },
    now: () => tokens,
    /** Those that will do for a request, as far as can be told. */
    fresh: async () => {
      if (canFollow() && (tokens === undefined || now() > freshUntilMs)) await refreshOnce(tokens);
      return tokens;
    },
  };
}

function heldOf({ accessToken, refreshToken, expiresIn }: Tokens): Tokens {
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiresIn === undefined ? {} : { expiresIn }),
  };
}

function isRefused(thrown: unknown): thrown is ActiveSessionError {
  return thrown instanceof ActiveSessionError && [401, 403].includes(thrown.problem.status);
}

function sessionOf(options: ClientOptions) {
  const tokens = tokensOf(options);
  const stepUp = async (maxAgeSeconds = 300): Promise<boolean> => {
    const proof = await options.stepUp?.({ maxAgeSeconds });
    if (proof === undefined || proof === "verified") return proof === "verified";
    await tokens.take(await authorised({ method: "POST", path: "/v1/auth/step-up", body: proof }));
    return true;
  };
  /** Whether the cause of a refusal is out of the way. */
  const mended = async (error: ActiveSessionError, used: Tokens | undefined): Promise<boolean> => {
    if (error.code === "auth.step_up_required") return await stepUp(error.problem.maxAgeSeconds);
    if (OVER.includes(error.code)) await tokens.set(undefined, error);
    if (!/^auth\.token_(expired|invalid)$/.test(error.code) || !tokens.canFollow()) return false;
    await tokens.refreshOnce(used);
    return true;
  };
  const authorised = async (request: PlainRequest): Promise<Response> => {
    const causes = new Set<string>();
    for (;;) {
      const used = await tokens.fresh();
      try {
        return await succeeded(options, withBearer(request, used?.accessToken));
      } catch (thrown) {
        // Each cause is mended once: what comes again after that is not mended by more of the same.
        if (!(thrown instanceof ActiveSessionError) || causes.has(thrown.code)) throw thrown;
        causes.add(thrown.code);
        if (!(await mended(thrown, used))) throw thrown;
      }
    }
  };
  return { authorised, tokens };
}

function refreshRequest(refreshToken: string | undefined): PlainRequest {
  const request = { method: "POST", path: "/v1/auth/refresh" };
  return refreshToken === undefined
    ? { ...request, body: {}, headers: { "x-session-transport": "cookie" } }
    : { ...request, body: { refreshToken } };
}

/** Sends a request until it succeeds, or until repeating it does not help. @throws ActiveSessionError */
async function succeeded(options: ClientOptions, request: PlainRequest): Promise<Response> {
  const { attempts = 4, wait = waitFor } = options;
  for (let attempt = 1; ; attempt++) {
    const failure = await sent(options, request);
    if (failure instanceof Response) return failure;
    if (attempt >= attempts || !isWorthRepeating(request, failure.error)) throw failure.error;
    const { retryAfterSeconds } = failure.error;
    await wait(
      retryAfterSeconds === undefined ? Math.random() * 100 * 2 ** attempt : retryAfterSeconds * 1000,
    );
  }
}

interface Failure {
  readonly error: ActiveSessionError;
}

async function sent(options: ClientOptions, request: PlainRequest): Promise<Response | Failure> {
  const { baseUrl, fetch = globalThis.fetch } = options;
  const { method, path, query = {}, body, headers = {}, contentType = "application/json" } = request;
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  try {
    const answer = await fetch(url, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": contentType }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.ok) return answer;
    return { error: await problemOf(answer) };
  } catch (cause) {
    const problem = {
      status: 0,
      code: "network",
      title: "The service cannot be reached.",
      detail: String(cause),
    };
    return { error: new ActiveSessionError(problem, { cause }) };
  }
}

/** A busy service has done nothing. After silence, or a failure, only what counts once is sent again. */
function isWorthRepeating(
  { method, path, headers = {} }: PlainRequest,
  { problem }: ActiveSessionError,
): boolean {
  if (problem.status === 429) return path !== "/v1/auth/login" && path !== "/v1/auth/mfa";
  if (problem.status !== 503 && problem.status !== 0) return problem.code === "idempotency.in_progress";
  return method !== "POST" || path === "/v1/auth/refresh" || "idempotency-key" in headers;
}

function withBearer(request: PlainRequest, token: string | undefined): PlainRequest {
  if (token === undefined) return request;
  return { ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } };
}

/** Gives what creates a key of its own, so that it counts once however often it is sent. */
function withKey({ newKey = () => crypto.randomUUID() }: ClientOptions, request: PlainRequest): PlainRequest {
  if (request.method !== "POST") return request;
  return { ...request, headers: { "idempotency-key": newKey(), ...request.headers } };
}

function filled(template: string, path: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(/\{(\w+)\+?\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
}

async function bodyOf(answer: Response): Promise<never> {
  const type = answer.headers.get("content-type") ?? "";
  if (type === "application/pdf") return (await answer.blob()) as never;
  const text = await answer.text();
  const isJson = type.includes("json") && text !== "";
  // The types are those of the document that the service holds its own answers to.
  return (isJson ? JSON.parse(text) : text === "" ? undefined : text) as never;
}

function waitFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
