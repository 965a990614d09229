import { contains, isAddressAllowed, parseAddress, parseCidr } from "../../../lib/access/cidr.ts";

const isIn = (ip: string, block: string): boolean | undefined => {
  const address = parseAddress(ip);
  const cidr = parseCidr(block);
  return address && cidr && contains(cidr, address);
};

test.each([
  ["192.0.2.1", "192.0.2.0/24", true],
  ["192.0.3.0", "192.0.2.0/24", false],
  ["192.0.2.127", "192.0.2.0/25", true],
  ["192.0.2.128", "192.0.2.0/25", false],
  ["255.255.255.255", "0.0.0.0/0", true],
  ["10.0.0.5", "10.0.0.5/32", true],
  ["10.0.0.4", "10.0.0.5/32", false],
  ["10.1.2.3", "10.9.9.9/8", true],
  ["2001:db8::1", "2001:db8::/32", true],
  ["2001:db9::1", "2001:db8::/32", false],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1/128", true],
  ["fe80::1", "fe80::/10", true],
  ["fec0::1", "fe80::/10", false],
  ["::1", "::/0", true],
])("%s in %s: %s", (ip, block, expected) => {
  expect(isIn(ip, block)).toBe(expected);
});

describe("an IPv4-mapped address", () => {
  test.each([
    ["::ffff:192.0.2.1", "192.0.2.0/24", true],
    ["::ffff:c000:201", "192.0.2.0/24", true],
    ["0:0:0:0:0:FFFF:192.0.2.1", "192.0.2.1/32", true],
    ["192.0.2.1", "::ffff:192.0.2.0/120", true],
    ["192.0.3.1", "::ffff:192.0.2.0/120", false],
  ])("is the IPv4 address: %s in %s: %s", (ip, block, expected) => {
    expect(isIn(ip, block)).toBe(expected);
  });

  test.each([
    ["::ffff:192.0.2.1", "::/0"],
    ["192.0.2.1", "::/0"],
    ["192.0.2.1", "::ffff:0:0/95"],
    ["::1", "0.0.0.0/0"],
  ])("keeps the families apart: %s is not in %s", (ip, block) => {
    expect(isIn(ip, block)).toBe(false);
  });
});

test.each([
  "",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.256",
  "01.2.3.4",
  "1.2.3.-4",
  "1.2.3.4 ",
  "0x7f.0.0.1",
  "2130706433",
  "１.2.3.4",
  ":",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::8",
  "12345::",
  "g::",
  "::1.2.3",
  "1.2.3.4::",
  "::1.2.3.4:5",
  "fe80::1%eth0",
  "[::1]",
])("%j is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test.each([
  "10.0.0.0",
  "10.0.0.0/",
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.0/08",
  "10.0.0.0/8/8",
  "10.0.0/8",
  "::/129",
  "::/1e1",
  "/8",
  "any",
])("%j is no block", (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test("an address is allowed where any block holds it, and what is no address nowhere", () => {
  expect(isAddressAllowed("192.0.2.7", ["2001:db8::/32", "192.0.2.0/24"])).toBe(true);
  expect(isAddressAllowed("192.0.3.7", ["2001:db8::/32", "192.0.2.0/24"])).toBe(false);
  expect(isAddressAllowed("unknown", ["0.0.0.0/0", "::/0"])).toBe(false);
  expect(isAddressAllowed("192.0.2.7", [])).toBe(false);
});
