import { parseArgs } from "node:util";
import { createClient } from "../client.ts";
import { ActiveSessionError } from "../problem.ts";
import { type CliIo, paint, UsageError } from "./cli-io.ts";
import { COMMANDS } from "./commands.ts";
import { readCredentials, writeCredentials } from "./credentials.ts";
import { type LoginOptions, signIn } from "./sign-in.ts";

const HELP = `active-session <command>

  login [--url URL] [--email ADDRESS] [--code CODE]   sign in; asks for what is not given
  login --profile NAME                                as operator, agent, owner, member or read-only of .local/demo.json
  logout                                              end this session and forget it
  whoami                                              who is signed in, where
  sessions [--all] [--user ID]                        active sessions; ended ones too
  revoke ID | --others | --all [--user ID]            end one, all others, or all
  tail [--since act_…]                                what happens, as it happens
  usage [--from TIME] [--to TIME] [--by meter|session|user|resource|hour]
  invoice [ID] [--format csv|focus|html|pdf]          invoices, or one of them

  --json      JSON in place of text (for tail: one message a line)
  --no-color  no colours, as with NO_COLOR in the environment`;

const OPTIONS = {
  url: { type: "string" },
  email: { type: "string" },
  code: { type: "string" },
  profile: { type: "string" },
  user: { type: "string" },
  since: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  by: { type: "string" },
  format: { type: "string" },
  all: { type: "boolean" },
  others: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  "no-color": { type: "boolean" },
} as const;

/** Does what the command line says. @returns the exit status: 0, 1 for what failed, 2 for what was typed wrong */
export async function runCli(world: CliIo): Promise<number> {
  let io = world;
  try {
    const { values, positionals } = parsed(world.args);
    io = { ...world, color: world.color && values["no-color"] !== true && values["json"] !== true };
    const [command, ...words] = positionals;
    if (command === undefined || values["help"] === true) {
      io.out(HELP);
      return command === undefined && values["help"] !== true ? 2 : 0;
    }
    await run(io, { command, words, values });
    return 0;
  } catch (thrown) {
    io.err(paint(io, "red", told(thrown)));
    return thrown instanceof UsageError ? 2 : 1;
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

interface Typed {
  readonly command: string;
  readonly words: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>> & LoginOptions;
}

async function run(io: CliIo, { command, words, values }: Typed): Promise<void> {
  const json = values["json"] === true;
  if (command === "login") {
    const { url, email } = await signIn(io, values);
    io.out(json ? JSON.stringify({ url, email }) : `Signed in to ${url} as ${email}.`);
    return;
  }
  const work = COMMANDS[command];
  if (work === undefined && command !== "logout") {
    throw new UsageError(`There is no command ${command}: active-session --help`);
  }
  const client = await signedInClient(io);
  if (work !== undefined) {
    await work({ io, client, json, words, options: values });
    return;
  }
  await client.call("POST /v1/auth/logout");
  await writeCredentials(io.credentialsFile, undefined);
  io.out(json ? JSON.stringify({ signedOut: true }) : "Signed out.");
}

async function signedInClient(io: CliIo) {
  const credentials = await readCredentials(io.credentialsFile);
  if (credentials === undefined) throw new UsageError("Nobody is signed in: active-session login");
  const { url, email, ...tokens } = credentials;
  return createClient({
    ...{ baseUrl: url, tokens },
    ...(io.fetch && { fetch: io.fetch }),
    onTokens: (next) => writeCredentials(io.credentialsFile, next && { url, email, ...next }),
    stepUp: async () => ({
      code: await io.ask("This needs a factor again. Code of your authenticator app", { secret: false }),
    }),
  });
}

function told(thrown: unknown): string {
  if (!(thrown instanceof ActiveSessionError))
    return thrown instanceof Error ? thrown.message : String(thrown);
  const { code, problem } = thrown;
  const message = code === "network" ? `${problem.title} ${reasonOf(thrown)}` : thrown.message;
  const places = (problem.errors ?? []).map(({ pointer, message: wrong }) => `  ${pointer} ${wrong}`);
  return [
    `${message} (${code}${problem.requestId === undefined ? "" : `, ${problem.requestId}`})`,
    ...places,
  ].join("\n");
}

/** What is behind a request without an answer: `fetch` says so in the cause of its error, or in one for each address. */
function reasonOf({ cause }: Error): string {
  const behind = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const first: unknown = behind instanceof AggregateError ? behind.errors[0] : behind;
  return first instanceof Error ? first.message : String(first);
}
