import type { Tally } from "./tally.ts";

/** Nobody waits longer: the gateway gives up at 30 s. */
const PATIENCE_MS = 30_000;

/** What a request may take while the database is away: 5 s for the call that is given up, and what came before it. */
const UNAVAILABLE_WITHIN_MS = 10_000;

/** An answer of the product. */
export interface Answer {
  /** 0 where none came. */
  readonly status: number;
  readonly requestId: string;
  readonly text: string;
  readonly link: string | null;
  readonly retryAfterSeconds: number;
  // biome-ignore lint/suspicious/noExplicitAny: a client reads documents as they come.
  readonly body: any;
}

/** A request. */
export interface Ask {
  /** What it is in the report. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly mediaType?: string;
  /** The statuses that its asker reckons with. */
  readonly expects: readonly number[];
}

/** Sends a request and puts its outcome into the tally. */
export type Send = (ask: Ask) => Promise<Answer>;

/** Sends to a running stack. */
export function sender(baseUrl: string, tally: Pick<Tally, "add">): Send {
  return async (ask) => {
    const atMs = Date.now();
    const startedMs = performance.now();
    const answer = await send(baseUrl, ask);
    const tookMs = performance.now() - startedMs;
    const { status, requestId } = answer;
    const code = status >= 400 && typeof answer.body?.code === "string" ? { code: answer.body.code } : {};
    const isExpected = ask.expects.includes(status);
    const defect = defectOf(answer, tookMs);
    tally.add({
      ...{ kind: ask.kind, status, atMs, tookMs, requestId, isExpected, ...code },
      ...(defect === undefined ? {} : { defect }),
    });
    return answer;
  };
}

async function send(baseUrl: string, ask: Ask): Promise<Answer> {
  const { method, path, token, headers, body, mediaType = "application/json" } = ask;
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": mediaType }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const isJson = /^application\/([\w.-]+\+)?json\b/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      requestId: response.headers.get("x-request-id") ?? "",
      text,
      link: response.headers.get("link"),
      retryAfterSeconds: Number(response.headers.get("retry-after") ?? 0),
      body: isJson && text !== "" ? JSON.parse(text) : undefined,
    };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { status: 0, requestId: "", text, link: null, retryAfterSeconds: 0, body: undefined };
  }
}

/** What an answer lacks whatever it answers. */
function defectOf({ status, requestId, body, retryAfterSeconds, text }: Answer, tookMs: number) {
  if (status === 0) return `no answer: ${text}`;
  if (requestId === "") return "no x-request-id";
  if (status < 500) return undefined;
  if (status !== 503) return `status ${status}`;
  if (body?.code !== "unavailable" || body?.requestId !== requestId)
    return "503 without its problem document";
  if (retryAfterSeconds < 1) return "503 without Retry-After";
  return tookMs > UNAVAILABLE_WITHIN_MS ? `503 after ${Math.round(tookMs)} ms` : undefined;
}
