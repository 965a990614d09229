import { createClient } from "../client.ts";
import { ActiveSessionError } from "../problem.ts";
import { type CliIo, UsageError } from "./cli-io.ts";
import { type Credentials, writeCredentials } from "./credentials.ts";
import { demoProfile, totpCode } from "./demo-profile.ts";

/** What `login` was told. */
export interface LoginOptions {
  readonly url?: string | undefined;
  readonly email?: string | undefined;
  readonly code?: string | undefined;
  readonly profile?: string | undefined;
}

interface Person {
  readonly url: string;
  readonly email: string;
  readonly password: string;
  readonly code: () => Promise<string>;
}

/** Signs in, asking for what was not given, and keeps the tokens. @throws UsageError, ActiveSessionError */
export async function signIn(io: CliIo, options: LoginOptions): Promise<Credentials> {
  const person = options.profile === undefined ? await typed(io, options) : await fromDemo(io, options);
  if (!/^https?:$/.test(URL.parse(person.url)?.protocol ?? "")) {
    throw new UsageError(`${person.url} is no address such as https://sessions.example.com.`);
  }
  io.err(`Signing in to ${person.url} as ${person.email} …`);
  const client = createClient({ baseUrl: person.url, ...(io.fetch && { fetch: io.fetch }) });
  const { email, password } = person;
  const { body } = await client.call("POST /v1/auth/login", { body: { email, password, deviceName: "CLI" } });
  const tokens = body.status === "mfa_required" ? await secondFactor(io, { client, person, body }) : body;
  if (tokens.status === "mfa_enrollment_required") {
    throw new UsageError("A second factor has to be set up first: sign in with the console.");
  }
  const { accessToken, refreshToken } = tokens;
  if (refreshToken === undefined) throw new Error("The sign-in gave no refresh token.");
  const credentials = { url: person.url, email, accessToken, refreshToken };
  await writeCredentials(io.credentialsFile, credentials);
  return credentials;
}

const CODES_MAX = 3;

async function secondFactor(
  io: CliIo,
  of: {
    readonly client: ReturnType<typeof createClient>;
    readonly person: Person;
    readonly body: { readonly challengeToken: string };
  },
) {
  const { client, person, body } = of;
  for (let attempt = 1; ; attempt++) {
    try {
      const code = await person.code();
      return (await client.call("POST /v1/auth/mfa", { body: { challengeToken: body.challengeToken, code } }))
        .body;
    } catch (thrown) {
      const isWrong = thrown instanceof ActiveSessionError && thrown.code === "mfa.invalid_code";
      if (!isWrong || attempt === CODES_MAX) throw thrown;
      io.err("The code is not valid. Codes are good once, and for some 30 seconds.");
    }
  }
}

async function typed(
  io: CliIo,
  { url = io.url ?? "http://localhost:3000", email, code }: LoginOptions,
): Promise<Person> {
  const address = email ?? (await io.ask("E-mail", { secret: false }));
  const password = await io.ask("Password", { secret: true });
  let given = code;
  return {
    ...{ url, email: address, password },
    code: async () => {
      const next =
        given ?? (await io.ask("Code of your authenticator app, or a recovery code", { secret: false }));
      given = undefined;
      return next;
    },
  };
}

async function fromDemo(io: CliIo, { url, profile = "" }: LoginOptions): Promise<Person> {
  const { baseUrl, person } = await demoProfile(io.demoFile, profile);
  const { email, password, totpSecret } = person;
  return {
    ...{ url: url ?? baseUrl, email, password },
    code: async () => {
      if (totpSecret === null) return await io.ask("Code", { secret: false });
      return totpCode(totpSecret, io.now());
    },
  };
}
