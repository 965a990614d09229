import { invalidField } from "../errors.ts";

/** What telling whether an address may be called needs. */
export interface DestinationRules {
  /** Whether one of the blocks holds the address; an IPv4-mapped address counts as the IPv4 one. */
  readonly isAddressIn: (ip: string, blocks: readonly string[]) => boolean;
  /** Whether `localhost` may be called, and without TLS: in a local run alone. */
  readonly allowsLocalhost: boolean;
}

/** What is not the public Internet (IANA IPv4 Special-Purpose Address Registry), multicast and class E. */
const IPV4_OTHERS = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"],
  ...["192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["224.0.0.0/4", "240.0.0.0/4"],
];

const IPV4 = ["0.0.0.0/0"];

/** Global unicast. Mapped, translated (64:ff9b::), unique-local, link-local and multicast addresses are outside. */
const IPV6_GLOBAL = ["2000::/3"];

/** What is inside of it and not public, or holds an IPv4 address: IETF protocols, Teredo, documentation, 6to4, SRv6. */
const IPV6_OTHERS = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

const LOOPBACK = ["127.0.0.0/8", "::1/128"];

/** Names that stand for something inside of a network, whatever resolves them (RFC 6761, RFC 6762, RFC 9476). */
const INNER_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

/** Below are the ports of services that are not for this. Port 443 is left out of a URL by its parser. */
const PORT_MIN = 1024;

/**
 * Whether an address that a URL's name stands for may be called.
 * @param host - as `URL.hostname` has it
 */
export function mayCall(rules: DestinationRules, host: string, ip: string): boolean {
  const { isAddressIn } = rules;
  if (isLocalhost(rules, host)) return isAddressIn(ip, LOOPBACK);
  if (isAddressIn(ip, IPV4)) return !isAddressIn(ip, IPV4_OTHERS);
  return isAddressIn(ip, IPV6_GLOBAL) && !isAddressIn(ip, IPV6_OTHERS);
}

/** Whether the host is this very machine by its name, and may be. Its addresses are never taken instead. */
function isLocalhost({ allowsLocalhost }: DestinationRules, host: string): boolean {
  return allowsLocalhost && host === "localhost";
}

/**
 * Holds a URL to where messages may go: `https`, no credentials, a public name or address, port 443 or above 1023.
 * What a name stands for is looked at when it is called.
 * @throws AppError `request.invalid` with `pointer`
 */
export function checkDestination(rules: DestinationRules, text: string, pointer: string): void {
  const url = URL.parse(text);
  if (url === null) throw invalidField(pointer, "must be a URL");
  const isLocal = isLocalhost(rules, url.hostname);
  if (url.protocol !== "https:" && !(isLocal && url.protocol === "http:")) {
    throw invalidField(pointer, "must begin with https://");
  }
  if (url.username !== "" || url.password !== "") throw invalidField(pointer, "must hold no credentials");
  if (url.hash !== "") throw invalidField(pointer, "must have no fragment");
  if (!isLocal && url.port !== "" && Number(url.port) < PORT_MIN) {
    throw invalidField(pointer, "must have port 443, or one above 1023");
  }
  if (!isLocal && !isPublicHost(rules, url.hostname)) {
    throw invalidField(pointer, "must be on the public Internet");
  }
}

function isPublicHost(rules: DestinationRules, host: string): boolean {
  const literal = addressOf(host);
  if (literal !== undefined) return mayCall(rules, host, literal);
  const name = host.replace(/\.$/, "");
  return name.includes(".") && !INNER_NAMES.test(name);
}

/** The address that a URL's host is by itself. The parser has made one of `0x7f.1` and `2130706433` already. */
export function addressOf(host: string): string | undefined {
  if (host.startsWith("[")) return host.slice(1, -1);
  return /^[0-9.]+$/.test(host) ? host : undefined;
}
