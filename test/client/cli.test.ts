import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliIo } from "../../client/cli/cli-io.ts";
import { runCli } from "../../client/cli/run-cli.ts";
import { startApp } from "../support/app.ts";

const app = await startApp();
const directory = mkdtempSync(join(tmpdir(), "active-session-cli-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
  app.stop();
});

const tenant = await app.tenant();
const demoFile = join(directory, "demo.json");
const people = [tenant.owner, tenant.member].map(({ email, password, totpSecret, roles }) => ({
  ...{ email, password, totpSecret, roles },
}));
const baseUrl = "http://service.example";
writeFileSync(
  demoFile,
  JSON.stringify({ baseUrl, operator: people[0], tenants: [{ name: "Acme", users: people }] }),
);

/** The product in this process, as a server would answer. */
const throughApp: typeof globalThis.fetch = async (url, init) => {
  const { pathname, search } = new URL(String(url));
  const { authorization = "", ...headers } = Object.fromEntries(new Headers(init?.headers));
  const answer = await app.request(init?.method ?? "GET", pathname + search, {
    headers,
    ...(authorization && { token: authorization.slice("Bearer ".length) }),
    ...(init?.body == null ? {} : { body: String(init.body) }),
  });
  return new Response(answer.text === "" ? null : answer.text, {
    status: answer.status,
    headers: answer.headers,
  });
};

let files = 0;

/** One person's terminal, with a credentials file of its own. */
function terminal(answers: readonly string[] = []) {
  const credentialsFile = join(directory, `${files++}`, "credentials.json");
  const left = [...answers];
  const run = async (...args: readonly string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const io: CliIo = {
      ...{ args, demoFile, credentialsFile, color: false, url: baseUrl, fetch: throughApp },
      out: (text) => out.push(text),
      outBytes: (bytes) => out.push(Buffer.from(bytes).toString("latin1")),
      err: (text) => err.push(text),
      ask: async () => left.shift() ?? "",
      now: () => app.clock.now(),
      onInterrupt: () => undefined,
    };
    return { status: await runCli(io), out: out.join("\n"), err: err.join("\n") };
  };
  return { run, credentialsFile };
}

test("signs in with a code that it asks for, and keeps the tokens for its owner's eyes alone", async () => {
  const { run, credentialsFile } = terminal([tenant.owner.password, app.totp(tenant.owner)]);
  expect(await run("login", "--email", tenant.owner.email)).toEqual({
    status: 0,
    out: `Signed in to ${baseUrl} as ${tenant.owner.email}.`,
    err: `Signing in to ${baseUrl} as ${tenant.owner.email} …`,
  });
  expect(statSync(credentialsFile).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(credentialsFile, "utf8"))).toMatchObject({ url: baseUrl });
  expect((await run("whoami")).out).toContain(`${tenant.owner.email} of`);
});

test("signs in as somebody of the local run, with their code", async () => {
  app.clock.advance(60_000);
  const { run } = terminal();
  expect((await run("login", "--profile", "owner")).status).toBe(0);
  const { out } = await run("sessions", "--json");
  expect(JSON.parse(out).filter((session: { current: boolean }) => session.current)).toHaveLength(1);
  expect((await run("usage", "--by", "session", "--json")).out).toBe("[]");
  expect((await run("usage")).out).toBe("meter  quantity  unit");
  expect((await run("invoice", "--json")).out).toBe("[]");
});

test("ends a session by its id, and all others; a token that ran out is refreshed on the way", async () => {
  const [here, there] = [terminal(), terminal()];
  for (const { run } of [here, there]) expect((await run("login", "--profile", "member")).status).toBe(0);
  app.clock.advance(301_000);
  const listed = JSON.parse((await here.run("sessions", "--json")).out);
  const other = listed.find((session: { current: boolean; userId: string }) => {
    return !session.current && session.userId === tenant.member.userId;
  });
  expect(await here.run("revoke", other.id)).toMatchObject({ status: 0, out: `${other.id} was ended.` });
  expect((await there.run("whoami")).err).toContain("session.ended");
  expect((await here.run("revoke", "--others", "--json")).out).toBe('{\n  "revoked": 0\n}');
  expect(await here.run("logout")).toMatchObject({ status: 0, out: "Signed out." });
  expect(await here.run("whoami")).toEqual({
    status: 2,
    out: "",
    err: "Nobody is signed in: active-session login",
  });
});

test.each([
  [["fly"], "There is no command fly: active-session --help"],
  [["login", "--profile", "nobody"], "has no nobody."],
  [["sessions", "--colour"], "Unknown option '--colour'"],
  [["login", "--url", "sessions.example.com", "--email", "a@b.example"], "is no address such as https://"],
])("what is typed wrong (%j) is told in a line, with the status 2", async (args, line) => {
  const { status, out, err } = await terminal().run(...args);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(err).toContain(line);
});

describe("as a process", () => {
  /** A service that signs everybody in with a second factor, and has one session after another to tell of. */
  const server = createServer(({ url, headers }, response) => {
    const body = headers.authorization
      ? { items: Array.from({ length: 5000 }, (_, n) => ({ id: `ses_${n}` })), nextCursor: null }
      : url === "/v1/auth/mfa"
        ? { status: "active", accessToken: "access", refreshToken: "refresh" }
        : { status: "mfa_required", challengeToken: "challenge" };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  afterAll(() => server.close());

  const command = join(import.meta.dirname, "../../client/cli/active-session.js");
  const start = (args: readonly string[]) => {
    const env = { ...process.env, ACTIVE_SESSION_CREDENTIALS: join(directory, "process.json") };
    const child = spawn(process.execPath, [command, ...args], { env, stdio: "pipe" });
    let told = "";
    child.stderr.on("data", (chunk) => (told += String(chunk)));
    return { child, ended: once(child, "close").then(([status]) => ({ status, told })) };
  };
  const login = (port: number, ...more: readonly string[]) => [
    ...["login", "--url", `http://127.0.0.1:${port}`, "--email", "ada@example.com", ...more],
  ];
  const portOf = () => Object(server.address()).port;

  test("takes password and code from two lines that are piped in, and ends without noise when its reader has had enough", async () => {
    const signIn = start(login(portOf()));
    signIn.child.stdin.end("correct horse\n123456\n");
    expect((await signIn.ended).status).toBe(0);
    const listing = start(["sessions", "--json"]);
    listing.child.stdout.once("data", () => listing.child.stdout.destroy());
    expect(await listing.ended).toEqual({ status: 0, told: "" });
  });

  test("says that there was no answer, with the status 2, and which address does not answer, with 1", async () => {
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = Object(gone.address());
    await new Promise((closed) => gone.close(closed));
    const [mute, nowhere] = [start(login(portOf())), start(login(port))];
    mute.child.stdin.end("correct horse\n");
    nowhere.child.stdin.end("correct horse\n");
    const question = "Code of your authenticator app, or a recovery code";
    const asked = await mute.ended;
    expect(asked).toMatchObject({ status: 2, told: expect.stringContaining(`no answer to: ${question}.`) });
    const refused = `The service cannot be reached. connect ECONNREFUSED 127.0.0.1:${port} (network)`;
    expect(await nowhere.ended).toMatchObject({ status: 1, told: expect.stringContaining(refused) });
  });
});

test("a refusal is told in words, with the status 1", async () => {
  const { run } = terminal();
  await run("login", "--profile", "member");
  expect(await run("revoke", "ses_00000000000000000000000000")).toMatchObject({ status: 1, out: "" });
});
