import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import speakeasy from "speakeasy";
import type { DemoUser } from "../../../scripts/local/accounts.ts";
import { freePorts } from "../../../scripts/local/ports.ts";

/** What `npm start` writes to `demo.json` (contract section 13), as far as it is used here. */
interface Demo {
  readonly baseUrl: string;
  readonly operator: DemoUser;
  readonly agents: readonly DemoUser[];
  readonly tenants: ReadonlyArray<{
    readonly id: string;
    readonly name: string;
    readonly users: readonly DemoUser[];
  }>;
}

/** A whole local run of its own, as `npm start` makes it. */
export interface Stack {
  readonly demo: Demo;
  /** Calls the API as a service would: without a browser. Answers the body. */
  call(method: string, path: string, call?: Call): Promise<Record<string, never>>;
  /** Signs in without a browser. */
  tokenOf(user: DemoUser, userAgent?: string): Promise<string>;
  stop(): Promise<void>;
}

/** One request. */
interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly userAgent?: string;
}

/** Starts it on free ports, with its files in a directory of its own. */
export async function startStack(): Promise<Stack> {
  const [port = 0, wsPort = 0] = await freePorts(2);
  const directory = mkdtempSync(join(tmpdir(), "console-"));
  const { DYNAMODB_ENDPOINT: _ofTheTests, NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  const launcher = spawn(process.execPath, ["scripts/start.ts"], {
    env: { ...inherited, LOCAL_DIRECTORY: directory, PORT: String(port), WS_PORT: String(wsPort) },
  });
  await ready(launcher);
  const demo: Demo = JSON.parse(readFileSync(join(directory, "demo.json"), "utf8"));
  const call = caller(demo.baseUrl);
  return {
    demo,
    call,
    tokenOf: async (user, userAgent) => {
      const { email, password } = user;
      const told = userAgent === undefined ? {} : { userAgent };
      const answer = await call("POST", "/v1/auth/login", { body: { email, password }, ...told });
      return String(answer["accessToken"]);
    },
    stop: async () => {
      launcher.kill("SIGINT");
      if (launcher.exitCode === null) await once(launcher, "exit");
      rmSync(directory, { recursive: true, force: true });
      rmSync(`.local/${port}`, { recursive: true, force: true });
    },
  };
}

/** The code of a user's app, so many steps of 30 s from now: each is good for one sign-in. */
export function codeOf({ totpSecret }: DemoUser, steps = 0): string {
  const time = Math.floor(Date.now() / 1000) + steps * 30;
  return speakeasy.totp({ secret: totpSecret ?? "", encoding: "base32", time });
}

/** Where Debian, Ubuntu and others put the browser; `CHROMIUM` names another place. */
export const chromium = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

function caller(baseUrl: string): Stack["call"] {
  return async (method, path, { token, body, userAgent } = {}) => {
    const answer = await fetch(baseUrl + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(userAgent === undefined ? {} : { "user-agent": userAgent }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  };
}

async function ready(launcher: ChildProcess): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk;
      if (said.includes("Active Session is ready")) resolve();
    };
    launcher.stdout?.on("data", hear);
    launcher.stderr?.on("data", hear);
    launcher.once("exit", () => reject(new Error(`The stack did not start: ${said}`)));
  });
}
