// Guarantees: a connection is made to the address that was checked and to no other, a redirect is followed nowhere, and
// neither a slow nor an endless answer holds the sender up (attack row I18).
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { isAddressAllowed } from "../../../lib/access/cidr.ts";
import { webhookSender } from "../../../lib/aws/webhook-sender.ts";

let server: Server;
let port = 0;
let requests: string[] = [];
let connections = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(`${request.headers.host} ${request.url}`);
    switch (request.url) {
      case "/redirect":
        response.writeHead(302, { location: `http://localhost:${port}/target` }).end();
        break;
      case "/silent":
        break;
      case "/endless": {
        response.writeHead(200);
        const write = () => {
          while (!response.destroyed && response.write("x".repeat(16_384)));
        };
        response.on("drain", write);
        write();
        break;
      }
      case "/trickle":
        response.writeHead(202).write("x");
        break;
      case "/busy":
        response.writeHead(503, { "retry-after": "Mon, 02 Mar 2026 09:01:30 GMT" }).end();
        break;
      default:
        response.writeHead(200).end("ok");
    }
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  requests = [];
  connections = 0;
});

const local = { isAddressIn: isAddressAllowed, allowsLocalhost: true };
const message = (url: string) => ({ url, headers: {}, body: "{}" });
const loopback = { address: "127.0.0.1", family: 4 };
const elsewhere = { address: "93.184.216.34", family: 4 };

test("I18 a name that stands for an inner address is not called, nor one that stands for both", async () => {
  const names: Record<string, (typeof loopback)[]> = {
    "inner.example.com": [loopback],
    "both.example.com": [elsewhere, loopback],
    "mapped.example.com": [{ address: "::ffff:127.0.0.1", family: 6 }],
    "metadata.example.com": [{ address: "169.254.169.254", family: 4 }],
    "none.example.com": [],
  };
  const sender = webhookSender({ destinations: local, resolve: async (name) => names[name] ?? [] });
  for (const name of Object.keys(names)) {
    for (const scheme of ["http", "https"]) {
      const answer = await sender.post(message(`${scheme}://${name}:${port}/`));
      expect(answer).toEqual({ error: "address_refused" });
    }
  }
  expect(await sender.post(message(`http://127.0.0.1:${port}/`))).toEqual({ error: "address_refused" });
  expect(await sender.post(message(`http://[::ffff:7f00:1]:${port}/`))).toEqual({
    error: "address_refused",
  });
  expect(connections).toBe(0);
});

test("I18 a name is resolved once: what it stands for a moment later makes no difference", async () => {
  let looks = 0;
  const sender = webhookSender({
    destinations: local,
    resolve: async () => {
      looks += 1;
      return looks === 1 ? [loopback] : [{ address: "10.0.0.1", family: 4 }];
    },
  });
  expect(await sender.post(message(`http://localhost:${port}/once`))).toEqual({ status: 200 });
  expect(looks).toBe(1);
  expect(requests).toEqual([`localhost:${port} /once`]);
  expect(await sender.post(message(`http://localhost:${port}/twice`))).toEqual({
    error: "address_refused",
  });
});

test("I18 a redirect is an answer, and followed nowhere", async () => {
  const sender = webhookSender({ destinations: local });
  expect(await sender.post(message(`http://localhost:${port}/redirect`))).toEqual({ status: 302 });
  expect(requests).toEqual([`localhost:${port} /redirect`]);
});

test("of the headers of an answer it is read when to come again", async () => {
  const sender = webhookSender({ destinations: local, now: () => Date.parse("2026-03-02T09:00:00.000Z") });
  expect(await sender.post(message(`http://localhost:${port}/busy`))).toEqual({
    ...{ status: 503, retryAfterMs: 90_000 },
  });
});

test("an answer that does not come is given up, and one that does not end is cut off", async () => {
  const sender = webhookSender({ destinations: local, timeLimitMs: 150 });
  expect(await sender.post(message(`http://localhost:${port}/silent`))).toEqual({ error: "timeout" });
  // Long enough for the beginning of the answer to come on a busy machine.
  const waiting = webhookSender({ destinations: local, timeLimitMs: 2000 });
  expect(await waiting.post(message(`http://localhost:${port}/trickle`))).toEqual({ status: 202 });
  const patient = webhookSender({ destinations: local, timeLimitMs: 30_000 });
  expect(await patient.post(message(`http://localhost:${port}/endless`))).toEqual({ status: 200 });
  const slow = webhookSender({
    destinations: local,
    timeLimitMs: 50,
    resolve: () => new Promise(() => undefined),
  });
  expect(await slow.post(message("https://example.com/"))).toEqual({ error: "timeout" });
});

test("what goes wrong on the way is told apart", async () => {
  const failing = (code: string) =>
    webhookSender({
      destinations: local,
      resolve: async () => {
        throw Object.assign(new Error(code), { code });
      },
    });
  expect(await failing("ENOTFOUND").post(message("https://gone.example.com/"))).toEqual({
    error: "name_not_resolved",
  });
  const sender = webhookSender({ destinations: local });
  expect(await sender.post(message(`https://localhost:${port}/`))).toEqual({ error: "tls_failed" });
  expect(await sender.post(message("http://localhost:1/"))).toEqual({ error: "connection_failed" });
});
