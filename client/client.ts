import type { Operations } from "./api.ts";
import { ActiveSessionError, problemOf } from "./problem.ts";

/** What a session is held with. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** What the client asks for when an action needs a recently verified factor; `undefined` gives up. */
export type StepUp = (asked: {
  readonly maxAgeSeconds: number;
}) => Promise<{ readonly code: string; readonly factorId?: string } | undefined>;

/** How a client is made. */
export interface ClientOptions {
  /** `http://localhost:3000`, without `/v1`. */
  readonly baseUrl: string;
  readonly tokens?: Tokens;
  /** Told of each new pair, before the request that needed it goes on; `undefined` when the session is over. */
  readonly onTokens?: (tokens: Tokens | undefined) => void | Promise<void>;
  readonly stepUp?: StepUp;
  /** Attempts of a request that may be repeated, the first included; 4 unless it is given. */
  readonly attempts?: number;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Waits between attempts, in milliseconds. */
  readonly wait?: (ms: number) => Promise<void>;
  /** Makes an `Idempotency-Key`. */
  readonly newKey?: () => string;
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
  tokens(): Tokens | undefined;
  /** Goes on with these, or, with `undefined`, without a session. */
  setTokens(tokens: Tokens | undefined): Promise<void>;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly contentType?: string | undefined;
}

/** These are told of by their own answers: they begin a session, or go on with it, and know no bearer. */
const WITHOUT_SESSION =
  /^POST \/v1\/auth\/(login|mfa|mfa\/send|refresh|replace|passkey|passkey\/options|password-reset)/;

/** Makes a client. */
export function createClient(options: ClientOptions): Client {
  const session = sessionOf(options);
  return {
    call: async (name, ...[input]) => {
      const [method = "", template = ""] = name.split(" ");
      const { path = {}, ...rest } = (input ?? {}) as Omit<Request, "method"> & {
        path?: Record<string, unknown>;
      };
      const request = { ...rest, method, path: filled(template, path) };
      const answer = WITHOUT_SESSION.test(name)
        ? await succeeded(options, request)
        : await session.authorised((token) =>
            succeeded(options, withBearer(withKey(options, request), token)),
          );
      return { status: answer.status, headers: answer.headers, body: await bodyOf(answer) };
    },
    tokens: session.tokens,
    setTokens: session.setTokens,
  };
}

function sessionOf(options: ClientOptions) {
  let tokens = options.tokens;
  let refreshing: Promise<void> | undefined;

  const setTokens = async (next: Tokens | undefined): Promise<void> => {
    tokens = next;
    await options.onTokens?.(next);
  };
  const post = async (path: string, body: object, token?: string): Promise<void> => {
    const request = withBearer({ method: "POST", path, body }, token);
    const { accessToken, refreshToken } = (await bodyOf(await succeeded(options, request))) as Tokens;
    await setTokens({ accessToken, refreshToken });
  };
  const refresh = async (refreshToken: string): Promise<void> => {
    try {
      // It may be repeated: for 10 s the service gives the same successor again.
      await post("/v1/auth/refresh", { refreshToken });
    } catch (thrown) {
      if (thrown instanceof ActiveSessionError && thrown.problem.status === 401) await setTokens(undefined);
      throw thrown;
    }
  };
  /** One refresh for all who wait for it: a second one would use the token up a second time. */
  const refreshOnce = async (used: Tokens): Promise<void> => {
    if (tokens !== undefined && tokens.accessToken !== used.accessToken) return;
    refreshing ??= refresh(used.refreshToken).finally(() => {
      refreshing = undefined;
    });
    await refreshing;
  };
  const stepUp = async (maxAgeSeconds = 300): Promise<boolean> => {
    const proof = await options.stepUp?.({ maxAgeSeconds });
    if (proof === undefined) return false;
    await authorised((token) => post("/v1/auth/step-up", proof, token));
    return true;
  };
  /** Whether the cause of a refusal is out of the way. */
  const mended = async (
    { code, problem }: ActiveSessionError,
    used: Tokens | undefined,
  ): Promise<boolean> => {
    if (code === "auth.step_up_required") return await stepUp(problem.maxAgeSeconds);
    if (code !== "auth.token_expired" || used === undefined) return false;
    await refreshOnce(used);
    return true;
  };
  const authorised = async <T>(work: (token: string | undefined) => Promise<T>): Promise<T> => {
    const causes = new Set<string>();
    for (;;) {
      const used = tokens;
      try {
        return await work(used?.accessToken);
      } catch (thrown) {
        // Each cause is mended once: what comes again after that is not mended by more of the same.
        if (!(thrown instanceof ActiveSessionError) || causes.has(thrown.code)) throw thrown;
        causes.add(thrown.code);
        if (!(await mended(thrown, used))) throw thrown;
      }
    }
  };
  return { authorised, setTokens, tokens: () => tokens };
}

/** Sends a request until it succeeds, or until repeating it does not help. @throws ActiveSessionError */
async function succeeded(options: ClientOptions, request: Request): Promise<Response> {
  const { attempts = 4, wait = waitFor } = options;
  for (let attempt = 1; ; attempt++) {
    const failure = await sent(options, request);
    if (failure instanceof Response) return failure;
    if (attempt >= attempts || !isWorthRepeating(request, failure.error)) throw failure.error;
    await wait(failure.retryAfterMs ?? Math.random() * 100 * 2 ** attempt);
  }
}

interface Failure {
  readonly error: ActiveSessionError;
  readonly retryAfterMs?: number | undefined;
}

async function sent(options: ClientOptions, request: Request): Promise<Response | Failure> {
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
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": contentType }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.ok) return answer;
    const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
    return {
      error: await problemOf(answer),
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
    };
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
function isWorthRepeating({ method, path, headers = {} }: Request, { problem }: ActiveSessionError): boolean {
  if (problem.status === 429) return path !== "/v1/auth/login" && path !== "/v1/auth/mfa";
  if (problem.status !== 503 && problem.status !== 0) return problem.code === "idempotency.in_progress";
  return method !== "POST" || path === "/v1/auth/refresh" || "idempotency-key" in headers;
}

function withBearer(request: Request, token: string | undefined): Request {
  if (token === undefined) return request;
  return { ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } };
}

/** Gives what creates a key of its own, so that it counts once however often it is sent. */
function withKey({ newKey = () => crypto.randomUUID() }: ClientOptions, request: Request): Request {
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
