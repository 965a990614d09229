/** An IP address as its bytes: 4 for IPv4, 16 for IPv6. An IPv4-mapped IPv6 address is the IPv4 one. */
export type AddressBytes = readonly number[];

/** A block of addresses. IPv4 and IPv6 blocks never hold addresses of the other family: `::/0` holds no IPv4. */
export interface Cidr {
  readonly bytes: AddressBytes;
  readonly prefixBits: number;
}

const MAPPED_PREFIX_BYTES = 12;

/** Reads an IPv4 (dotted decimal, no leading zeros) or IPv6 address (RFC 4291, no zone); `undefined` for anything else. */
export function parseAddress(text: string): AddressBytes | undefined {
  const bytes = text.includes(":") ? parseV6(text) : parseV4(text);
  if (bytes === undefined) return undefined;
  return isMapped(bytes) ? bytes.slice(MAPPED_PREFIX_BYTES) : bytes;
}

/** Reads `address/prefix`; bits of the address beyond the prefix are ignored. `undefined` for what is no such block. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^(?:0|[1-9][0-9]{0,2})$/.test(prefix)) return undefined;
  const bytes = address.includes(":") ? parseV6(address) : parseV4(address);
  const prefixBits = Number(prefix);
  if (bytes === undefined || prefixBits > bytes.length * 8) return undefined;
  const mappedBits = MAPPED_PREFIX_BYTES * 8;
  if (isMapped(bytes) && prefixBits >= mappedBits) {
    return { bytes: bytes.slice(MAPPED_PREFIX_BYTES), prefixBits: prefixBits - mappedBits };
  }
  return { bytes, prefixBits };
}

/** Whether the block holds the address. */
export function contains(cidr: Cidr, address: AddressBytes): boolean {
  if (address.length !== cidr.bytes.length) return false;
  const wholeBytes = cidr.prefixBits >> 3;
  for (let index = 0; index < wholeBytes; index++) {
    if (address[index] !== cidr.bytes[index]) return false;
  }
  const restBits = cidr.prefixBits & 7;
  if (restBits === 0) return true;
  const difference = (address[wholeBytes] ?? 0) ^ (cidr.bytes[wholeBytes] ?? 0);
  return difference >> (8 - restBits) === 0;
}

/** Whether one of the blocks holds the address; what is no address is in none. */
export function isAddressAllowed(ip: string, cidrs: readonly string[]): boolean {
  const address = parseAddress(ip);
  if (address === undefined) return false;
  return cidrs.some((text) => {
    const cidr = parseCidr(text);
    return cidr !== undefined && contains(cidr, address);
  });
}

/** What one host has to itself: an IPv4 address, or the first 64 bits of an IPv6 one, in hex. */
export function hostNetwork(ip: string): string {
  const address = parseAddress(ip);
  if (address === undefined || address.length === 4) return address?.join(".") ?? ip;
  return address
    .slice(0, 8)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function isMapped(bytes: AddressBytes): boolean {
  return (
    bytes.length === 16 &&
    bytes[10] === 0xff &&
    bytes[11] === 0xff &&
    bytes.slice(0, 10).every((b) => b === 0)
  );
}

function parseV4(text: string): AddressBytes | undefined {
  const parts = text.split(".");
  // A leading zero means octal to some and decimal to others: such an address is nobody's.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseV6(text: string): AddressBytes | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [first = "", second] = halves;
  const head = parseGroups(first, second === undefined);
  const tail = second === undefined ? [] : parseGroups(second, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  // "::" stands for at least one group of zeros (RFC 4291 section 2.2).
  if (second === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

function parseGroups(text: string, mayEndInV4: boolean): AddressBytes | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  if (groups.length > 8) return undefined;
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const groupBytes =
      mayEndInV4 && index === groups.length - 1 && group.includes(".") ? parseV4(group) : parseGroup(group);
    if (groupBytes === undefined) return undefined;
    bytes.push(...groupBytes);
  }
  return bytes;
}

function parseGroup(group: string): AddressBytes | undefined {
  if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
