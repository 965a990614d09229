import { setImmediate } from "node:timers/promises";
import { betterAuth } from "better-auth";
import { type CustomAdapter, createAdapterFactory } from "better-auth/adapters";

type Row = Record<string, unknown>;
type Where = Parameters<CustomAdapter["deleteMany"]>[0]["where"];

const BASE_URL = "http://localhost:3000";
const PASSWORD = "correct horse battery staple";

/** What some work asked of its store: a key-value store answers each of these with at least one call. */
export interface StoreCalls {
  readonly calls: number;
  readonly tripsInARow: number;
  readonly writes: number;
}

/** better-auth on a store that counts what it is asked. */
export interface CountedBetterAuth {
  /** Signs the person in; gives the cookie of a new session. */
  readonly signIn: () => Promise<string>;
  /** Whether the session of the cookie lives. */
  readonly isLive: (cookie: string) => Promise<boolean>;
  readonly revokeOthers: (cookie: string) => Promise<void>;
  readonly signOut: (cookie: string) => Promise<void>;
  /** What was asked since it was last taken. */
  readonly take: () => StoreCalls;
}

/**
 * Makes it, with one person signed up.
 * @param updateAgeSeconds - how old a session's last-seen time gets before a request writes it
 */
export async function countedBetterAuth(updateAgeSeconds: number): Promise<CountedBetterAuth> {
  const counter = countingStore();
  const auth = betterAuth({
    database: counter.adapter,
    emailAndPassword: { enabled: true },
    session: { updateAge: updateAgeSeconds },
    secret: "a secret of the measurement, 32 characters",
    baseURL: BASE_URL,
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
  });
  const send = async (path: string, { cookie, body }: { cookie?: string; body?: object }) => {
    const answer = await auth.handler(
      new Request(`${BASE_URL}/api/auth/${path}`, {
        method: path === "get-session" ? "GET" : "POST",
        headers: { "content-type": "application/json", origin: BASE_URL, ...(cookie && { cookie }) },
        ...(path === "get-session" ? {} : { body: JSON.stringify(body ?? {}) }),
      }),
    );
    if (!answer.ok) throw new Error(`better-auth answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const who = { email: "ada@example.com", password: PASSWORD };
  await send("sign-up/email", { body: { ...who, name: "Ada" } });
  return {
    signIn: async () => cookieIn(await send("sign-in/email", { body: who })),
    isLive: async (cookie) => (await (await send("get-session", { cookie })).json()) !== null,
    revokeOthers: async (cookie) => void (await send("revoke-other-sessions", { cookie })),
    signOut: async (cookie) => void (await send("sign-out", { cookie })),
    take: counter.take,
  };
}

function cookieIn(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

function countingStore() {
  const tables = new Map<string, Row[]>();
  const tableOf = (model: string): Row[] => {
    const table = tables.get(model) ?? [];
    tables.set(model, table);
    return table;
  };
  const counter = countTrips();
  const removing = (model: string, where: Where) => {
    const gone = tableOf(model).filter((row) => fits(row, where));
    tables.set(
      model,
      tableOf(model).filter((row) => !gone.includes(row)),
    );
    return gone.length;
  };
  const updating = (model: string, where: Where, update: unknown) => {
    const rows = tableOf(model).filter((row) => fits(row, where));
    for (const row of rows) Object.assign(row, update);
    return rows;
  };
  const adapter = createAdapterFactory({
    config: { adapterId: "counting", adapterName: "Counting", usePlural: false },
    adapter: () => ({
      create: ({ model, data }) =>
        counter.write(() => {
          tableOf(model).push(data);
          return data;
        }),
      // A row of better-auth's own model is what its own model says it is.
      findOne: ({ model, where }) =>
        counter.read(() => (tableOf(model).find((row) => fits(row, where)) ?? null) as never),
      findMany: ({ model, where }) =>
        counter.read(() => tableOf(model).filter((row) => fits(row, where ?? [])) as never),
      count: ({ model, where }) =>
        counter.read(() => tableOf(model).filter((row) => fits(row, where ?? [])).length),
      update: ({ model, where, update }) =>
        counter.write(() => (updating(model, where, update)[0] ?? null) as never),
      updateMany: ({ model, where, update }) => counter.write(() => updating(model, where, update).length),
      delete: ({ model, where }) => counter.write(() => void removing(model, where)),
      deleteMany: ({ model, where }) => counter.write(() => removing(model, where)),
    }),
  });
  return { adapter, take: counter.take };
}

function fits(row: Row, where: Where): boolean {
  return where.every(({ field, value, operator = "eq" }) => {
    const own = row[field];
    if (operator === "eq") return own === value;
    if (operator === "in") return Array.isArray(value) && value.some((each) => each === own);
    if (operator === "gt") return own instanceof Date && value instanceof Date && own > value;
    if (operator === "lt") return own instanceof Date && value instanceof Date && own < value;
    throw new Error(`The counting store does not know ${operator}.`);
  });
}

function countTrips() {
  let count = { calls: 0, tripsInARow: 0, writes: 0 };
  let underWay = 0;
  const asked = async <T>(work: () => T): Promise<T> => {
    if (underWay === 0) count.tripsInARow++;
    underWay++;
    count.calls++;
    try {
      await setImmediate();
      return work();
    } finally {
      underWay--;
    }
  };
  return {
    read: asked,
    write: <T>(work: () => T): Promise<T> => {
      count.writes++;
      return asked(work);
    },
    take: (): StoreCalls => {
      const taken = count;
      count = { calls: 0, tripsInARow: 0, writes: 0 };
      return taken;
    },
  };
}
