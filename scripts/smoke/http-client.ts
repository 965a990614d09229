/** Longer than any endpoint takes when it is cold. */
const TIMEOUT_MS = 15_000;

/** An answer, with its body parsed where it is JSON. */
export interface SmokeAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What of the body is at a path of names; `undefined` where there is nothing, or no JSON. */
  at(...path: readonly string[]): unknown;
}

/** What a request may carry. An object is sent as JSON, a text as it is, called JSON. */
export interface SmokeRequest {
  readonly token?: string;
  readonly body?: unknown;
}

/** Sends requests to one service. */
export type Send = (method: string, path: string, request?: SmokeRequest) => Promise<SmokeAnswer>;

/** A client of the service at a base URL. */
export function httpClient(baseUrl: string): Send {
  return async (method, path, { token, body } = {}) => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        "user-agent": "active-session-smoke/1",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, at: reader(text) };
  };
}

function reader(text: string): SmokeAnswer["at"] {
  const document = parsed(text);
  return (...path) =>
    path.reduce<unknown>(
      (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
      document,
    );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
