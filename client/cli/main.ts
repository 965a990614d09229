import { homedir } from "node:os";
import { join } from "node:path";
import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { runCli } from "./run-cli.ts";

const { env } = process;
const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());

process.exitCode = await runCli({
  args: process.argv.slice(2),
  out: (text) => stdout.write(`${text}\n`),
  outBytes: (bytes) => stdout.write(bytes),
  err: (text) => process.stderr.write(`${text}\n`),
  ask,
  // https://no-color.org: any value but the empty one.
  color: stdout.isTTY === true && !env["NO_COLOR"],
  credentialsFile:
    env["ACTIVE_SESSION_CREDENTIALS"] ??
    join(env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config"), "active-session", "credentials.json"),
  demoFile: env["ACTIVE_SESSION_DEMO"] ?? join(".local", "demo.json"),
  url: env["ACTIVE_SESSION_URL"],
  now: Date.now,
  interrupted: interrupted.signal,
});

/** Asks on the terminal; what is secret is not shown as it is typed. */
async function ask(question: string, { secret }: { readonly secret: boolean }): Promise<string> {
  let muted = false;
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      if (!muted) process.stderr.write(chunk);
      done();
    },
  });
  const terminal = createInterface({ input: stdin, output, terminal: stdin.isTTY === true });
  const answer = terminal.question(`${question}: `);
  muted = secret;
  const typed = await answer;
  terminal.close();
  if (secret) process.stderr.write("\n");
  return typed.trim();
}
