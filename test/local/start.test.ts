import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, isPortFree } from "../../scripts/local/ports.ts";

interface Outcome {
  readonly status: number | null;
  readonly errors: string;
}

// Out of the way of a stack that may be running from this work tree.
const directory = mkdtempSync(join(tmpdir(), "local-run-"));
afterAll(() => rmSync(directory, { recursive: true }));

describe("npm start", () => {
  test("is up with all of its functions, and leaves nothing behind when it is interrupted", async () => {
    const [port = 0, wsPort = 0] = await freePorts(2);
    const launcher = start({ PORT: String(port), WS_PORT: String(wsPort) });
    const ended = outcome(launcher);
    await Promise.race([readyBlock(launcher), ended]);
    const health = await fetch(`http://127.0.0.1:${port}/health`);
    const demo = JSON.parse(readFileSync(join(directory, "demo.json"), "utf8"));
    const [, databasePort] = /DYNAMODB_ENDPOINT="http:..127.0.0.1:(\d+)"/.exec(readStackEnv()) ?? [];
    launcher.kill("SIGINT");
    const { status, errors } = await ended;
    expect(health.status).toBe(200);
    expect(demo.baseUrl).toBe(`http://localhost:${port}`);
    expect({ status, errors }).toEqual({ status: 0, errors: "" });
    expect(await isPortFree(port)).toBe(true);
    expect(await isPortFree(Number(databasePort))).toBe(true);
    expect(existsSync(join(directory, "stack.env"))).toBe(false);
    rmSync(`.local/${port}`, { recursive: true });
  }, 180_000);

  test("says in one line that a port is taken, and which variable chooses another", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const [wsPort] = await freePorts(1);
    const port = (squatter.address() as { port: number }).port;
    const { status, errors } = await outcome(start({ PORT: String(port), WS_PORT: String(wsPort) }));
    squatter.close();
    expect(status).toBe(1);
    expect(errors).toBe(
      `Port ${port} is taken: stop what listens there, or choose another one with PORT=${port + 100} npm start.\n`,
    );
  });

  test("says in one line that there is no Java", async () => {
    const path = mkdtempSync(join(tmpdir(), "no-java-"));
    symlinkSync(process.execPath, join(path, "node"));
    const { status, errors } = await outcome(start({ PATH: path }));
    rmSync(path, { recursive: true });
    expect(status).toBe(1);
    expect(errors).toMatch(
      /^DynamoDB Local needs Java 11 or newer and there is no "java" on the PATH: .+\n$/,
    );
  });

  test("says in one line that npm runs on a Node that is too old", async () => {
    const { status, errors } = await outcome(
      start({ npm_config_user_agent: "npm/9.5.0 node/v18.19.0 linux x64 workspaces/false" }),
    );
    expect(status).toBe(1);
    expect(errors).toMatch(/^Node 20 or newer is needed, and this is 18\.19\.0: .+\n$/);
  });

  test.each([
    [{ PORT: "0" }, 'PORT is "0": it has to be a port from 1 to 65535.\n'],
    [{ PORT: "http" }, 'PORT is "http": it has to be a port from 1 to 65535.\n'],
    [{ PORT: "4000", WS_PORT: "4000" }, "PORT and WS_PORT are both 4000: give them two ports.\n"],
    [{ LOCAL_DATA: "cloud" }, 'LOCAL_DATA is "cloud": it can be memory or disk.\n'],
  ])("refuses %j in one line", async (settings, line) => {
    expect(await outcome(start(settings))).toMatchObject({ status: 1, errors: line });
  });
});

function start(environment: Readonly<Record<string, string>>): ChildProcess {
  const { DYNAMODB_ENDPOINT: _ofTheTests, NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  return spawn(process.execPath, ["scripts/start.ts"], {
    env: { ...inherited, LOCAL_DIRECTORY: directory, ...environment },
  });
}

async function outcome(launcher: ChildProcess): Promise<Outcome> {
  let errors = "";
  launcher.stdout?.resume();
  launcher.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  await once(launcher, "close");
  return { status: launcher.exitCode, errors };
}

async function readyBlock(launcher: ChildProcess): Promise<void> {
  let output = "";
  while (!output.includes("is ready")) output += String(await once(launcher.stdout ?? launcher, "data"));
}

function readStackEnv(): string {
  return readFileSync(join(directory, "stack.env"), "utf8");
}
