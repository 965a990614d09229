import { homedir } from "node:os";
import { join } from "node:path";
import { stdin, stdout } from "node:process";
import { questions } from "./questions.ts";
import { runCli } from "./run-cli.ts";

const { env } = process;
const { ask, done } = questions({ input: stdin, output: process.stderr });
stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever reads has had enough, such as `head`.
  if (error.code === "EPIPE") process.exit();
  throw error;
});

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
  onInterrupt: (end) => process.once("SIGINT", end),
});
done();
