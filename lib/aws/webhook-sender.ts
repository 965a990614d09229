import type { LookupAddress } from "node:dns";
import { lookup as resolveName } from "node:dns/promises";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIPv6, type LookupFunction } from "node:net";
import type { EpochMs } from "../time.ts";
import type { Outgoing, WebhookSender } from "../webhook/attempt-delivery.ts";
import type { Attempt, AttemptError } from "../webhook/delivery.ts";
import { addressOf, type DestinationRules, mayCall } from "../webhook/destination.ts";
import { retryAfterMs } from "../webhook/retry-after.ts";
import { systemNow } from "./clock.ts";
import { member } from "./json-member.ts";

/** What sending needs. */
export interface WebhookSenderDeps {
  readonly destinations: DestinationRules;
  /** All addresses of a name. */
  readonly resolve?: (name: string) => Promise<readonly LookupAddress[]>;
  /** From the look-up to the end of the answer; Standard Webhooks 1.0.0 has 15 to 30 s. */
  readonly timeLimitMs?: number;
  /** Against which times are held that endpoints name; default the machine's clock. */
  readonly now?: () => EpochMs;
}

type Answer = Pick<Attempt, "status" | "error" | "retryAfterMs">;

const TIME_LIMIT_MS = 15_000;

/** Nothing of an answer but its status and `Retry-After` is read; a short one is let come to its end. */
const ANSWER_BYTES_MAX = 16_384;

/** What Node names errors of certificates and of the handshake by. */
const TLS_ERROR = /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO)/;

/**
 * Posts messages over connections of their own. A name is resolved once, every address that it stands for is held to
 * the rules, and the connection is made to those very addresses: what the name stands for a moment later makes no
 * difference. Redirects are an answer like any other; nothing else of an answer is kept.
 */
export function webhookSender(deps: WebhookSenderDeps): WebhookSender {
  const { timeLimitMs = TIME_LIMIT_MS, now = systemNow } = deps;
  return {
    post: async (message) => {
      const url = new URL(message.url);
      const signal = AbortSignal.timeout(timeLimitMs);
      try {
        const addresses = await within(signal, addressesOf(deps, url.hostname));
        const isRefused = addresses.some(({ address }) => !mayCall(deps.destinations, url.hostname, address));
        if (isRefused || addresses.length === 0) return { error: "address_refused" };
        const { status, retryAfter } = await post(message, { url, signal, lookup: pinned(addresses) });
        const askedMs = retryAfterMs(retryAfter, now());
        return { status, ...(askedMs === undefined ? {} : { retryAfterMs: askedMs }) };
      } catch (thrown) {
        return { error: signal.aborted ? "timeout" : errorOf(thrown) } satisfies Answer;
      }
    },
  };
}

async function addressesOf(
  { resolve = (name) => resolveName(name, { all: true }) }: WebhookSenderDeps,
  host: string,
): Promise<readonly LookupAddress[]> {
  const literal = addressOf(host);
  if (literal === undefined) return await resolve(host);
  // A connection to a literal address looks nothing up: it goes to the one that is checked here.
  return [{ address: literal, family: isIPv6(literal) ? 6 : 4 }];
}

function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_name, options, done) => {
    const [first] = addresses;
    if (options.all === true) done(null, [...addresses]);
    else done(null, first?.address ?? "", first?.family);
  };
}

interface Connecting {
  readonly url: URL;
  readonly signal: AbortSignal;
  readonly lookup: LookupFunction;
}

async function post(
  { headers, body }: Outgoing,
  { url, signal, lookup }: Connecting,
): Promise<{ readonly status: number; readonly retryAfter: string | undefined }> {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  // No agent: a connection that is kept would outlive what was found out about its address.
  const request = send(url, {
    ...{ method: "POST", agent: false, lookup, signal },
    headers: { ...headers, "content-length": Buffer.byteLength(body), connection: "close" },
  });
  request.end(body);
  const response = await answered(request);
  await ended(response);
  return { status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] };
}

async function answered(request: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", reject);
  });
}

/** The status has come: however the rest does, the message was answered. */
async function ended(response: IncomingMessage): Promise<void> {
  let read = 0;
  await new Promise<void>((resolve) => {
    response.on("data", (chunk: Buffer) => {
      read += chunk.length;
      if (read > ANSWER_BYTES_MAX) response.destroy();
    });
    response.on("error", () => undefined);
    response.once("close", resolve);
  });
}

async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return await Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
  ]);
}

function errorOf(thrown: unknown): AttemptError {
  const code = member(thrown, "code");
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ENODATA") return "name_not_resolved";
  return typeof code === "string" && TLS_ERROR.test(code) ? "tls_failed" : "connection_failed";
}
