import { existsSync, readFileSync } from "node:fs";
import speakeasy from "speakeasy";
import type { DemoUser } from "../../../scripts/local/accounts.ts";
import { startOwnStack } from "../../../scripts/local/own-stack.ts";

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

/** Starts it. */
export async function startStack(): Promise<Stack> {
  const { demoFile, stop } = await startOwnStack();
  const demo: Demo = JSON.parse(readFileSync(demoFile, "utf8"));
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
    stop,
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
