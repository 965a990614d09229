import { setTimeout as wait } from "node:timers/promises";
import speakeasy from "speakeasy";

/** A login of `.local/demo.json`. */
export interface DemoLogin {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string | null;
  readonly roles: readonly string[];
}

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the demo is a client that reads documents as they come.
  readonly body: any;
}

/** What a request may carry. */
export interface ApiRequest {
  readonly body?: unknown;
  readonly mediaType?: string;
  readonly taskId?: string;
}

/** Somebody who is signed in. */
export interface ApiSession {
  readonly sessionId: string;
  readonly tenantId: string;
  /** Gives the answer, whatever its status. */
  send(method: string, path: string, request?: ApiRequest): Promise<ApiAnswer>;
  /** Gives the body of a success. @throws Error with the problem's detail */
  call(method: string, path: string, request?: ApiRequest): Promise<ApiAnswer["body"]>;
  /** All items of a list, page by page. */
  all(path: string): Promise<ApiAnswer["body"][]>;
}

/** Signs in over HTTP, with the second factor where there is one. */
export async function signIn(
  baseUrl: string,
  login: DemoLogin,
  say: (line: string) => void,
): Promise<ApiSession> {
  const { email, password } = login;
  let answer = await request(`${baseUrl}/v1/auth/login`, "POST", {
    body: { email, password, deviceName: "Demo" },
  });
  if (answer.body.status === "mfa_required") {
    answer = await secondFactor(baseUrl, login, { challengeToken: answer.body.challengeToken, say });
  }
  const { accessToken, session } = success(answer, `${email} could not sign in`);
  return apiSession(baseUrl, accessToken, session);
}

async function secondFactor(
  baseUrl: string,
  login: DemoLogin,
  { challengeToken, say }: { readonly challengeToken: string; readonly say: (line: string) => void },
): Promise<ApiAnswer> {
  const code = () => speakeasy.totp({ secret: login.totpSecret ?? "", encoding: "base32" });
  const answer = await request(`${baseUrl}/v1/auth/mfa`, "POST", { body: { challengeToken, code: code() } });
  if (answer.status !== 401 || answer.body.code !== "mfa.invalid_code") return answer;
  // Each code is good once: somebody has used the present one already.
  const pauseMs = 30_000 - (Date.now() % 30_000) + 500;
  say(`  ${login.email}: this code was used before; the next one is due in ${Math.ceil(pauseMs / 1000)} s`);
  await wait(pauseMs);
  return await request(`${baseUrl}/v1/auth/mfa`, "POST", { body: { challengeToken, code: code() } });
}

function apiSession(
  baseUrl: string,
  accessToken: string,
  session: { readonly id: string; readonly tenantId: string },
): ApiSession {
  const send: ApiSession["send"] = (method, path, options = {}) =>
    request(`${baseUrl}${path}`, method, { ...options, accessToken });
  const call: ApiSession["call"] = async (method, path, options) =>
    success(await send(method, path, options), `${method} ${path}`);
  return {
    sessionId: session.id,
    tenantId: session.tenantId,
    send,
    call,
    all: async (path) => {
      const items: ApiAnswer["body"][] = [];
      let cursor: string | null = null;
      do {
        const separator = path.includes("?") ? "&" : "?";
        const more = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const page = await call("GET", `${path}${separator}limit=200${more}`);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    },
  };
}

async function request(
  url: string,
  method: string,
  {
    body,
    mediaType = "application/json",
    taskId,
    accessToken,
  }: ApiRequest & { readonly accessToken?: string },
): Promise<ApiAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": mediaType }),
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      ...(taskId === undefined ? {} : { "x-task-id": taskId }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

function success(answer: ApiAnswer, what: string): ApiAnswer["body"] {
  if (answer.status < 300) return answer.body;
  throw new Error(`${what}: ${answer.status} ${answer.body?.detail ?? ""}`);
}
