// Guarantees: what a customer registers makes the service call nothing but the public Internet, however the address is
// written (attack row I18). What a name stands for is looked at when it is called: see sender.security.test.ts.
import { describe, expect, test } from "@jest/globals";
import { isAddressAllowed } from "../../../lib/access/cidr.ts";
import { checkDestination, type DestinationRules, mayCall } from "../../../lib/webhook/destination.ts";

const deployed: DestinationRules = { isAddressIn: isAddressAllowed, allowsLocalhost: false };
const local: DestinationRules = { isAddressIn: isAddressAllowed, allowsLocalhost: true };

function refusal(rules: DestinationRules, url: string): string | undefined {
  try {
    checkDestination(rules, url, "/url");
    return undefined;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

describe("I18 a URL", () => {
  test.each([
    "https://example.com/hook",
    "https://example.com:8443/hook?team=1",
    "https://hooks.münchen.example/",
    "https://8.8.8.8/",
    "https://[2606:4700::6810:84e5]/",
  ])("%s may be registered", (url) => {
    expect(refusal(deployed, url)).toBeUndefined();
  });

  test.each([
    ...[
      "https://127.0.0.1/",
      "https://127.1/",
      "https://0x7f.1/",
      "https://2130706433/",
      "https://0177.0.0.1/",
    ],
    ...["https://0.0.0.0/", "https://10.0.0.1/", "https://172.31.255.255/", "https://192.168.0.1/"],
    ...["https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://224.0.0.1/"],
    ...["https://255.255.255.255/", "https://198.18.0.1/", "https://１２７.0.0.1/"],
    ...["https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:a9fe:a9fe]/"],
    ...["https://[64:ff9b::7f00:1]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[ff02::1]/"],
    ...["https://[2002:7f00:1::]/", "https://[2001:db8::1]/", "https://[fd00:ec2::254]/"],
    ...[
      "https://localhost/",
      "https://LOCALHOST./",
      "https://a.localhost/",
      "https://metadata.google.internal/",
    ],
    ...["https://printer.local/", "https://intranet/", "https://metadata/"],
  ])("%s is not on the public Internet", (url) => {
    for (const rules of [deployed, { ...local, allowsLocalhost: url.includes("ocalhost") === false }]) {
      expect(refusal(rules, url)).toBe("must be on the public Internet");
    }
  });

  test.each([
    ["http://example.com/", "must begin with https://"],
    ["http://localhost:4200/", "must begin with https://"],
    ["file:///etc/passwd", "must begin with https://"],
    ["gopher://example.com/", "must begin with https://"],
    ["https://user:pw@example.com/", "must hold no credentials"],
    ["https://example.com/#part", "must have no fragment"],
    ["https://example.com:22/", "must have port 443, or one above 1023"],
    ["example.com", "must be a URL"],
  ])("%s: %s", (url, message) => {
    expect(refusal(deployed, url)).toBe(message);
  });

  test("of this machine is taken in a local run by the name localhost alone", () => {
    expect(refusal(local, "http://localhost:4200/hook")).toBeUndefined();
    expect(refusal(local, "http://127.0.0.1:4200/hook")).toBe("must begin with https://");
  });
});

describe("I18 an address that a name stands for", () => {
  test.each([
    ["93.184.216.34", true],
    ["2a00:1450:4001::1", true],
    ["127.0.0.1", false],
    ["::ffff:10.0.0.1", false],
    ["169.254.169.254", false],
    ["fe80::1%eth0", false],
    ["no address", false],
  ])("%s may be called: %s", (ip, isAllowed) => {
    expect(mayCall(deployed, "hooks.example.com", ip)).toBe(isAllowed);
    expect(mayCall(local, "hooks.example.com", ip)).toBe(isAllowed);
  });

  test("of localhost has to be this machine's, where that may be called at all", () => {
    expect(mayCall(local, "localhost", "127.0.0.1")).toBe(true);
    expect(mayCall(local, "localhost", "::1")).toBe(true);
    expect(mayCall(local, "localhost", "10.0.0.1")).toBe(false);
    expect(mayCall(deployed, "localhost", "127.0.0.1")).toBe(false);
  });
});
