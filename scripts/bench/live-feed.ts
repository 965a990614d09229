/**
 * How long it takes from an action to the feeds of those who look on: `node scripts/bench/live-feed.ts [DEMO_JSON]`
 * against a running stack, with CONNECTIONS (default 100) feeds open and ACTIONS (default 100) actions, one after the other.
 */
import { readFileSync } from "node:fs";
import { quantile } from "./quantile.ts";

const CONNECTIONS = Number(process.env["CONNECTIONS"] ?? 100);
const ACTIONS = Number(process.env["ACTIONS"] ?? 100);
const PAUSE_MS = Number(process.env["PAUSE_MS"] ?? 500);
const FEEDS_OF_SESSION = 10;

interface Demo {
  readonly baseUrl: string;
  readonly tenants: ReadonlyArray<{
    readonly users: ReadonlyArray<{
      readonly email: string;
      readonly password: string;
      readonly roles: readonly string[];
    }>;
  }>;
}

const demo: Demo = JSON.parse(readFileSync(process.argv[2] ?? ".local/demo.json", "utf8"));
const sentAtMs = new Map<string, number>();
const delaysMs: number[] = [];
const seen = new Map<string, number>();

const sessions = await Promise.all(
  Array.from({ length: Math.ceil(CONNECTIONS / FEEDS_OF_SESSION) }, () => signIn("read-only")),
);
const feeds = await Promise.all(
  Array.from({ length: CONNECTIONS }, (_, index) =>
    open(sessions[Math.floor(index / FEEDS_OF_SESSION)] ?? ""),
  ),
);
const actor = await signIn("member");
// The feeds begin once the stream has brought their opening; each of these comes to those before it.
await wait(2000 + 150 * CONNECTIONS);
for (let action = 0; action < ACTIONS; action++) {
  const requestId = await act(actor);
  sentAtMs.set(requestId, sentAtMs.get(requestId) ?? performance.now());
  await wait(PAUSE_MS);
}
await wait(2000);
const complete = [...seen.values()].filter((count) => count === CONNECTIONS).length;
console.log(
  `${CONNECTIONS} feeds, ${ACTIONS} actions: ${complete} came to all feeds once, ${delaysMs.length} messages`,
);
console.log(
  `from the answer to the feed: p50 ${quantile(delaysMs, 0.5)} ms, p95 ${quantile(delaysMs, 0.95)} ms, ` +
    `p99 ${quantile(delaysMs, 0.99)} ms`,
);
for (const feed of feeds) feed.close();

async function signIn(role: string): Promise<string> {
  const user = demo.tenants[0]?.users.find(({ roles }) => roles.includes(role));
  const answer = await post("/v1/auth/login", { email: user?.email, password: user?.password });
  const { accessToken } = (await answer.json()) as { readonly accessToken: string };
  return accessToken;
}

async function open(token: string): Promise<WebSocket> {
  const answer = await post("/v1/live/tickets", {}, token);
  const { url } = (await answer.json()) as { readonly url: string };
  const feed = new WebSocket(url);
  feed.addEventListener("message", ({ data }) => note(JSON.parse(String(data))));
  await new Promise((resolve, reject) => {
    feed.addEventListener("open", resolve);
    feed.addEventListener("error", () => reject(new Error("A feed was refused.")));
  });
  return feed;
}

function note({
  type,
  data,
}: {
  readonly type: string;
  readonly data: { readonly requestId?: string };
}): void {
  if (type !== "activity" || data.requestId === undefined) return;
  const atMs = sentAtMs.get(data.requestId);
  if (atMs === undefined) return;
  seen.set(data.requestId, (seen.get(data.requestId) ?? 0) + 1);
  delaysMs.push(performance.now() - atMs);
}

async function act(token: string): Promise<string> {
  const answer = await fetch(`${demo.baseUrl}/v1/sessions`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const requestId = answer.headers.get("x-request-id") ?? "";
  sentAtMs.set(requestId, performance.now());
  await answer.arrayBuffer();
  return requestId;
}

async function post(path: string, body: object, token?: string): Promise<Response> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { "content-type": "application/json", ...authorization };
  const answer = await fetch(`${demo.baseUrl}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
