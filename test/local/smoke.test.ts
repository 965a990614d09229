import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { freePorts } from "../../scripts/local/ports.ts";
import { runSmoke } from "../../scripts/smoke/run-smoke.ts";
import { startApp } from "../support/app.ts";

const [port = 0] = await freePorts(1);
const url = `http://localhost:${port}`;
const app = await startApp({ env: { ISSUER: url } });
/** What a broken deployment answers, by path. */
const broken = new Map<string, { readonly status: number; readonly body: string }>();
const server = await serve();
afterAll(() => {
  server.close();
  app.stop();
});

/** The product in this process, behind a port. */
async function serve(): Promise<Server> {
  const listening = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const instead = broken.get(path);
    if (instead !== undefined) {
      response.writeHead(instead.status, { "content-type": "application/json" }).end(instead.body);
      return;
    }
    const body = await textOf(request);
    const answer = await app.request(method, path, {
      headers: headers as Record<string, string>,
      ...(body === "" ? {} : { body }),
    });
    response.writeHead(answer.status, answer.headers).end(answer.text);
  });
  listening.listen(port, "localhost");
  await once(listening, "listening");
  return listening;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

const failed = (report: Awaited<ReturnType<typeof runSmoke>>) =>
  report.steps.filter(({ outcome }) => outcome !== "ok");

test("a service that works passes, for people with and without a second factor, and no session stays open", async () => {
  const tenant = await app.tenant();
  for (const { email, password, totpSecret } of [tenant.owner, tenant.member]) {
    const user = { email, password, ...(totpSecret === null ? {} : { totpSecret }) };
    const report = await runSmoke({ url, user, now: Date.now });
    expect(failed(report)).toEqual([]);
    expect(report).toMatchObject({ url, ok: true });
    expect(report.steps).toHaveLength(17);
  }
  app.clock.advance(60_000);
  const owner = await app.signIn(tenant.owner);
  const active = await owner.request("GET", "/v1/sessions?status=active");
  expect(active.body.items.map(({ id }: { id: string }) => id)).toEqual([owner.sessionId]);
});

test("without somebody to sign in, what anybody may ask is tried and the rest skipped", async () => {
  const report = await runSmoke({ url, now: Date.now });
  expect(report.ok).toBe(true);
  expect(failed(report)).toMatchObject([{ name: "a session", outcome: "skipped" }]);
});

test("what is broken is named, and what needs it is not tried", async () => {
  const tenant = await app.tenant();
  broken.set("/health", { status: 503, body: "{}" });
  broken.set("/.well-known/jwks.json", { status: 200, body: '{"keys":[{"alg":"ES256","d":"secret"}]}' });
  broken.set("/.well-known/oauth-authorization-server", { status: 200, body: '{"issuer":"https://other"}' });
  const { email } = tenant.member;
  const report = await runSmoke({ url, user: { email, password: "a wrong password" }, now: Date.now });
  broken.clear();
  expect(report.ok).toBe(false);
  expect(failed(report).map(({ name, outcome, detail }) => [name, outcome, detail])).toEqual([
    ["health", "failed", "answered 503, not 200"],
    ["security headers", "failed", "x-content-type-options is not nosniff"],
    ["published keys", "failed", "a private key is published"],
    ["issuer", "failed", "the issuer is https://other"],
    ["sign in", "failed", "answered 401 auth.invalid_credentials, not 200"],
    ...[
      "token is signed",
      "who am I",
      "state is kept",
      "refresh",
      "sign out",
      "refused afterwards",
      "on record",
    ].map((name) => [name, "skipped", undefined]),
  ]);
});

test("a service that is not there fails at every step", async () => {
  const [nobody = 0] = await freePorts(1);
  const report = await runSmoke({ url: `http://localhost:${nobody}`, now: Date.now });
  expect(report.ok).toBe(false);
  expect(report.steps.filter(({ outcome }) => outcome === "ok")).toEqual([]);
});
