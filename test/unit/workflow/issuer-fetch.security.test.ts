import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { checkIssuer, issuerFetch } from "../../../lib/aws/workflow-issuer-fetch.ts";

// No issuer has us call what is not the public Internet; on this very machine, in a local run alone.

const DEPLOYED = { allowsLoopback: false };
const LOCAL = { allowsLoopback: true };

let server: Server;
let port = 0;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request.url ?? "");
    if (request.url === "/redirect")
      response.writeHead(302, { location: `http://127.0.0.1:${port}/jwks` }).end();
    else if (request.url === "/large") response.end(`"${"x".repeat(300_000)}"`);
    else response.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ["http://ci.example.com"],
  ["https://127.0.0.1:8443"],
  ["https://0x7f.1"],
  ["https://2130706433"],
  ["https://[::1]"],
  ["https://[::ffff:127.0.0.1]"],
  ["https://169.254.169.254"],
  ["https://[fd00:ec2::254]"],
  ["https://10.0.0.1"],
  ["https://localhost"],
  ["https://metadata.internal"],
  ["https://user:secret@ci.example.com"],
  ["https://ci.example.com?tenant=1"],
  ["https://ci.example.com#keys"],
  ["ftp://ci.example.com"],
  ["ci.example.com"],
  [""],
])("a rule for the issuer %j is refused", (issuer) => {
  expect(() => checkIssuer(DEPLOYED, issuer, "/rules/0/issuer")).toThrow(
    expect.objectContaining({ code: "request.invalid" }),
  );
});

test.each([
  ["https://token.actions.githubusercontent.com"],
  ["https://gitlab.com"],
  ["https://gitlab.example.com:8443/path"],
])("a rule for the issuer %j is taken", (issuer) => {
  expect(() => checkIssuer(DEPLOYED, issuer, "/rules/0/issuer")).not.toThrow();
});

describe("in a local run", () => {
  test("an issuer on this machine is asked, and one elsewhere inside of a network is not", async () => {
    const fetchJson = issuerFetch(LOCAL);
    expect(await fetchJson(`http://127.0.0.1:${port}/jwks`)).toEqual({ keys: [] });
    expect(await fetchJson(`http://localhost:${port}/jwks`)).toEqual({ keys: [] });
    await expect(fetchJson("http://10.0.0.1/jwks")).rejects.toThrow("https://");
    await expect(fetchJson("https://10.0.0.1/jwks")).rejects.toThrow("public Internet");
  });

  test("a redirect is not followed, and a document that is too large is not read", async () => {
    const fetchJson = issuerFetch(LOCAL);
    seen.length = 0;
    await expect(fetchJson(`http://127.0.0.1:${port}/redirect`)).rejects.toThrow("answered 302");
    await expect(fetchJson(`http://127.0.0.1:${port}/large`)).rejects.toThrow("too large");
    expect(seen).toEqual(["/redirect", "/large"]);
  });
});

test("I18 deployed, no connection is made to this machine, whatever stands for it", async () => {
  const fetchJson = issuerFetch(DEPLOYED);
  seen.length = 0;
  for (const host of ["127.0.0.1", "localhost", "0x7f.1", "[::1]"]) {
    await expect(fetchJson(`https://${host}:${port}/jwks`)).rejects.toThrow();
  }
  expect(seen).toEqual([]);
});

test("a name that stands for an address inside of a network is refused as the connection is made", async () => {
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const rebound = issuerFetch({ ...DEPLOYED, resolve });
  await expect(rebound(`https://ci.example.com:${port}/jwks`)).rejects.toThrow("may not be called");
  const half = async () => [
    { address: "93.184.216.34", family: 4 },
    { address: "169.254.169.254", family: 4 },
  ];
  await expect(issuerFetch({ ...DEPLOYED, resolve: half })(`https://ci.example.com/jwks`)).rejects.toThrow(
    "may not be called",
  );
});
