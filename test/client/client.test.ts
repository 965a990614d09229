import { type ClientOptions, createClient } from "../../client/client.ts";
import { type FeedSocket, openLiveFeed } from "../../client/live-feed.ts";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly key: string | null;
  readonly body: unknown;
}

type Reply = { readonly status: number; readonly body?: object; readonly retryAfter?: string } | Error;

/** A service that answers what it is told to; what it was sent is kept. */
function serviceOf(answer: (seen: Seen, count: number) => Reply) {
  const seen: Seen[] = [];
  const waits: number[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const headers = new Headers(init?.headers);
    const { pathname, search } = new URL(String(url));
    const request = {
      method: init?.method ?? "GET",
      path: pathname + search,
      authorization: headers.get("authorization"),
      key: headers.get("idempotency-key"),
      body: init?.body === undefined ? undefined : JSON.parse(String(init.body)),
    };
    seen.push(request);
    const reply = answer(request, seen.length);
    if (reply instanceof Error) throw reply;
    return new Response(reply.body === undefined ? null : JSON.stringify(reply.body), {
      status: reply.status,
      headers: {
        "content-type": "application/json",
        ...(reply.retryAfter && { "retry-after": reply.retryAfter }),
      },
    });
  };
  const options: ClientOptions = {
    ...{ baseUrl: "http://service.example", fetch, newKey: () => "key-1" },
    tokens: { accessToken: "old", refreshToken: "r1" },
    wait: async (ms) => {
      waits.push(ms);
    },
  };
  return { options, seen, waits };
}

const problem = (status: number, code: string, more: object = {}): Reply => ({
  status,
  body: { status, code, title: code, ...more },
});

test("calls that find their token expired refresh it once, and then go on", async () => {
  const { options, seen } = serviceOf(({ path, authorization }) => {
    if (path === "/v1/auth/refresh") {
      return { status: 200, body: { status: "active", accessToken: "new", refreshToken: "r2" } };
    }
    return authorization === "Bearer new"
      ? { status: 200, body: { items: [], nextCursor: null } }
      : problem(401, "auth.token_expired");
  });
  const kept: unknown[] = [];
  const client = createClient({ ...options, onTokens: (tokens) => void kept.push(tokens) });
  const answers = await Promise.all([1, 2, 3].map(() => client.call("GET /v1/sessions")));
  expect(answers.map(({ body }) => body)).toEqual(Array(3).fill({ items: [], nextCursor: null }));
  expect(seen.filter(({ path }) => path === "/v1/auth/refresh").map(({ body }) => body)).toEqual([
    { refreshToken: "r1" },
  ]);
  expect(kept).toEqual([{ accessToken: "new", refreshToken: "r2" }]);
});

test("a refresh token that is not good any more ends the session in the client", async () => {
  const { options } = serviceOf(({ path }) =>
    path === "/v1/auth/refresh" ? problem(401, "refresh.reused") : problem(401, "auth.token_expired"),
  );
  const client = createClient(options);
  await expect(client.call("GET /v1/sessions")).rejects.toMatchObject({ code: "refresh.reused" });
  expect(client.tokens()).toBeUndefined();
});

test("a token that is refused again after its refresh is not refreshed for ever", async () => {
  const { options, seen } = serviceOf(({ path }) =>
    path === "/v1/auth/refresh"
      ? { status: 200, body: { accessToken: "new", refreshToken: "r2" } }
      : problem(401, "auth.token_expired"),
  );
  await expect(createClient(options).call("GET /v1/sessions")).rejects.toMatchObject({
    code: "auth.token_expired",
  });
  expect(seen).toHaveLength(3);
});

test("what creates carries one key through all its attempts, and waits as long as the service says", async () => {
  const { options, seen, waits } = serviceOf((_, count) =>
    count < 3 ? { ...problem(503, "unavailable"), retryAfter: "2" } : { status: 202, body: { id: "res_1" } },
  );
  const body = { type: "volume", name: "disk", spec: { sizeGiB: 1 } } as const;
  expect((await createClient(options).call("POST /v1/resources", { body })).status).toBe(202);
  expect(seen.map(({ key }) => key)).toEqual(["key-1", "key-1", "key-1"]);
  expect(waits).toEqual([2000, 2000]);
});

test("silence is not taken for an answer: a sign-in is sent once, a read again", async () => {
  const { options, seen } = serviceOf((_, count) =>
    count === 2 ? { status: 200, body: { items: [] } } : new TypeError("fetch failed"),
  );
  const client = createClient(options);
  expect((await client.call("GET /v1/sessions")).status).toBe(200);
  await expect(
    client.call("POST /v1/auth/login", { body: { email: "ada@example.com", password: "x" } }),
  ).rejects.toMatchObject({ code: "network" });
  expect(seen).toHaveLength(3);
});

test("a factor is asked for where an action needs one, and the action is done with the tokens it gave", async () => {
  const { options, seen } = serviceOf(({ path, authorization }) => {
    if (path === "/v1/auth/step-up") {
      return { status: 200, body: { accessToken: "fresh", refreshToken: "r2" } };
    }
    return authorization === "Bearer fresh"
      ? { status: 204 }
      : problem(401, "auth.step_up_required", { maxAgeSeconds: 120 });
  });
  const asked: unknown[] = [];
  const client = createClient({
    ...options,
    stepUp: async (question) => {
      asked.push(question);
      return { code: "123456" };
    },
  });
  await client.call("DELETE /v1/roles/{name}", { path: { name: "a b" } });
  expect(asked).toEqual([{ maxAgeSeconds: 120 }]);
  expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "DELETE /v1/roles/a%20b",
    "POST /v1/auth/step-up",
    "DELETE /v1/roles/a%20b",
  ]);
});

test("a refusal says what the service said", async () => {
  const { options } = serviceOf(() => problem(403, "access.denied", { detail: "You may not." }));
  await expect(createClient(options).call("GET /v1/sessions")).rejects.toMatchObject({
    message: "You may not.",
    problem: { status: 403, code: "access.denied" },
  });
});

/** A socket that the test speaks through. */
function socketOf() {
  const listeners = new Map<string, (event: never) => void>();
  const sent: string[] = [];
  const emit = (type: string, event: object = {}) => listeners.get(type)?.(event as never);
  const socket = {
    addEventListener: (type: string, listener: (event: never) => void) => void listeners.set(type, listener),
    send: (text: string) => void sent.push(text),
    close: () => emit("close"),
  } as FeedSocket;
  return { socket, emit, sent };
}

test("a feed that breaks goes on after the last record that came, tells none twice, and ends with its session", async () => {
  const { options } = serviceOf((_, count) =>
    count < 3
      ? { status: 200, body: { ticket: "t", url: `ws://service.example/?ticket=${count}`, expiresIn: 30 } }
      : problem(401, "session.ended", { reason: "revoked" }),
  );
  const urls: string[] = [];
  const told: unknown[] = [];
  const activity = (id: string) => ({ data: JSON.stringify({ type: "activity", data: { id } }) });
  const scripts = [
    ["act_2", "act_1"],
    ["act_1", "act_3"],
  ];
  const ended = new Promise((resolve) => {
    openLiveFeed(createClient(options), {
      onMessage: ({ data }) => told.push(data.id),
      onEnd: resolve,
      wait: async () => undefined,
      openSocket: (url) => {
        const { socket, emit } = socketOf();
        const ids = scripts[urls.length] ?? [];
        urls.push(url);
        queueMicrotask(() => {
          emit("open");
          for (const id of ids) emit("message", activity(id));
          emit("close");
        });
        return socket;
      },
    });
  });
  expect(await ended).toMatchObject({ code: "session.ended", problem: { reason: "revoked" } });
  expect(urls).toEqual(["ws://service.example/?ticket=1", "ws://service.example/?ticket=2&since=act_1"]);
  expect(told).toEqual(["act_2", "act_1", "act_3"]);
});

test("a feed outlasts a service that is away, and keeps its connection from falling silent", async () => {
  const { options } = serviceOf((_, count) =>
    count < 4
      ? new TypeError("fetch failed")
      : { status: 200, body: { ticket: "t", url: "ws://service.example/?ticket=t", expiresIn: 30 } },
  );
  const { socket, emit, sent } = socketOf();
  const timers: { readonly ms: number; readonly work: () => void }[] = [];
  let stopped = 0;
  const feed = await new Promise<{ close(): void }>((resolve) => {
    const opened = openLiveFeed(createClient({ ...options, attempts: 1 }), {
      onMessage: () => undefined,
      onOpen: () => resolve(opened),
      wait: async () => undefined,
      every: (ms, work) => {
        timers.push({ ms, work });
        return () => void stopped++;
      },
      openSocket: () => {
        queueMicrotask(() => emit("open"));
        return socket;
      },
    });
  });
  for (const { work } of timers) work();
  expect(timers.map(({ ms }) => ms)).toEqual([300_000]);
  expect(sent).toEqual(['{"type":"ping"}']);
  feed.close();
  expect(stopped).toBe(1);
});

test("with the refresh token in a cookie, the first call gets tokens, and one about to run out is not sent", async () => {
  let nowMs = 0;
  const { options, seen } = serviceOf(({ path }, count) =>
    path === "/v1/auth/refresh"
      ? { status: 200, body: { accessToken: `t${count}`, expiresIn: 900 } }
      : { status: 200, body: { items: [], nextCursor: null } },
  );
  const { tokens: _none, ...rest } = options;
  const client = createClient({ ...rest, hasCookie: true, now: () => nowMs });
  for (const atMs of [0, 870_000, 885_000]) {
    nowMs = atMs;
    await client.call("GET /v1/sessions");
  }
  expect(seen.map(({ path, authorization, body }) => [path, authorization, body])).toEqual([
    ["/v1/auth/refresh", null, {}],
    ["/v1/sessions", "Bearer t1", undefined],
    ["/v1/sessions", "Bearer t1", undefined],
    ["/v1/auth/refresh", null, {}],
    ["/v1/sessions", "Bearer t4", undefined],
  ]);
});

test("whoever holds the tokens is told that the session is over, and why", async () => {
  const { options } = serviceOf(() => problem(401, "session.ended", { reason: "evicted" }));
  const told: unknown[] = [];
  const client = createClient({
    ...options,
    onTokens: (tokens, why) => void told.push([tokens, why?.problem.reason]),
  });
  await expect(client.call("GET /v1/sessions")).rejects.toMatchObject({ code: "session.ended" });
  expect(told).toEqual([[undefined, "evicted"]]);
});

test("a request that brings an authorization of its own leaves the session alone", async () => {
  const { options, seen } = serviceOf(() => problem(401, "auth.token_expired"));
  const client = createClient(options);
  const request = { method: "POST", path: "/v1/me/factors", headers: { authorization: "Challenge c" } };
  await expect(client.send(request)).rejects.toMatchObject({ code: "auth.token_expired" });
  expect(seen.map(({ path, authorization }) => [path, authorization])).toEqual([
    ["/v1/me/factors", "Challenge c"],
  ]);
});

test("a PDF comes as its bytes", async () => {
  const bytes = Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0xff, 0xfe, 0x00);
  const { options } = serviceOf(() => ({ status: 200 }));
  const fetch = async () => new Response(bytes, { headers: { "content-type": "application/pdf" } });
  const client = createClient({ ...options, fetch });
  const { body } = await client.call("GET /v1/invoices/{invoiceId}", {
    ...{ path: { invoiceId: "inv_1" }, query: { format: "pdf" } },
  });
  expect(body instanceof Blob && new Uint8Array(await body.arrayBuffer())).toEqual(bytes);
});
