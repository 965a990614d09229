import type { LookupAddress } from "node:dns";
import { lookup as resolveName } from "node:dns/promises";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { isAddressAllowed } from "../access/cidr.ts";
import { invalidField } from "../errors.ts";
import { addressOf, checkDestination, type DestinationRules, mayCall } from "../webhook/destination.ts";

/** Where issuers may be. */
export interface IssuerRules {
  /** Whether an issuer may be on this very machine, without TLS: in a local run alone. */
  readonly allowsLoopback: boolean;
}

/** What reading an issuer's documents needs. */
export interface IssuerFetchDeps extends IssuerRules {
  /** All addresses of a name. */
  readonly resolve?: (name: string) => Promise<LookupAddress[]>;
}

/** Reads a JSON document of an issuer. @throws Error for whatever goes wrong, an address that is refused too */
export type FetchJson = (url: string) => Promise<unknown>;

/** GitHub's and GitLab's documents have some 5 KB. */
const DOCUMENT_BYTES_MAX = 256 * 1024;

/** From the look-up to the last byte. */
const TIME_LIMIT_MS = 5000;

const PUBLIC: DestinationRules = { isAddressIn: isAddressAllowed, allowsLocalhost: false };

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const LOOPBACK = ["127.0.0.0/8", "::1/128"];

/**
 * Holds an issuer's URL to where it may be: on the public Internet with TLS, without credentials, query or fragment.
 * @throws AppError `request.invalid` with `pointer`
 */
export function checkIssuer(rules: IssuerRules, issuer: string, pointer: string): void {
  const url = URL.parse(issuer);
  if (url !== null && isLoopback(rules, url) && url.username === "" && url.password === "") return;
  checkDestination(PUBLIC, issuer, pointer);
  // OpenID Connect Discovery 1.0 section 2: an issuer has neither.
  if (url?.search !== "") throw invalidField(pointer, "must have no query");
}

/**
 * Reads documents over connections of their own. Every address that a name stands for is held to the rules as the
 * connection is made, so that what the name stood for a moment earlier makes no difference. Redirects are not followed.
 */
export function issuerFetch(rules: IssuerFetchDeps): FetchJson {
  return async (text) => {
    const url = new URL(text);
    checkIssuer(rules, text, "/url");
    const literal = addressOf(url.hostname);
    const isLoopbackUrl = isLoopback(rules, url);
    if (literal !== undefined && !mayConnect(isLoopbackUrl, url.hostname, literal)) throw refused();
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(url, {
      agent: false,
      lookup: checkedLookup(rules, isLoopbackUrl),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      headers: { accept: "application/json", connection: "close" },
    });
    request.end();
    const response = await answered(request);
    if (response.statusCode !== 200) {
      response.destroy();
      throw new Error(`The issuer answered ${response.statusCode}.`);
    }
    return JSON.parse(await bodyOf(response));
  };
}

function isLoopback({ allowsLoopback }: IssuerRules, { protocol, hostname }: URL): boolean {
  return allowsLoopback && LOOPBACK_HOSTS.has(hostname) && /^https?:$/.test(protocol);
}

function mayConnect(isLoopbackUrl: boolean, host: string, address: string): boolean {
  return isLoopbackUrl ? isAddressAllowed(address, LOOPBACK) : mayCall(PUBLIC, host, address);
}

function checkedLookup(
  { resolve = (name) => resolveName(name, { all: true }) }: IssuerFetchDeps,
  isLoopbackUrl: boolean,
): LookupFunction {
  return (name, options, done) => {
    resolve(name).then(
      (addresses) => {
        const [first] = addresses;
        const isAllowed = addresses.every(({ address }) => mayConnect(isLoopbackUrl, name, address));
        if (first === undefined || !isAllowed) done(refused(), "");
        else if (options.all === true) done(null, addresses);
        else done(null, first.address, first.family);
      },
      (cause: Error) => done(cause, ""),
    );
  };
}

async function answered(request: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", reject);
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let read = 0;
  for await (const chunk of response) {
    read += chunk.length;
    // Leaving the loop closes the connection.
    if (read > DOCUMENT_BYTES_MAX) throw new Error("The issuer's document is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function refused(): Error {
  return new Error("The issuer is at an address that may not be called.");
}
