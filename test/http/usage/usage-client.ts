import type { TestUser } from "../../support/accounts.ts";
import type { SignedIn, TestApp } from "../../support/app.ts";

/** The media types of one event, and of a batch. */
export const ONE = "application/cloudevents+json";
export const BATCH = "application/cloudevents-batch+json";

/** Sessions that outlast a test, whose clock goes on by days. */
export const LONG_SESSIONS = { idleTimeoutSeconds: 86_400, absoluteTimeoutSeconds: 2_592_000 };

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Somebody who is signed in and holds a machine that runs. */
export interface Worker {
  readonly me: SignedIn;
  readonly vm: string;
  /** Sends events as a batch. */
  send(events: readonly unknown[]): Promise<Outcome>;
  /** Usage by meter, or by something else. */
  usage(query?: string): Promise<readonly Line[]>;
}

/** What came of a batch. */
export interface Outcome {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly { readonly index: number; readonly code: string }[];
}

/** A line of usage as it is answered. */
export interface Line {
  readonly key: string | null;
  readonly meter: string;
  readonly unit: string;
  readonly quantity: string;
  readonly unattributed: string;
}

/** Signs a member of a tenant of their own in; their machine has 2 vCPUs and runs from now on. */
export async function worker(app: TestApp): Promise<Worker> {
  const { member } = await app.tenant({ policy: LONG_SESSIONS });
  const me = await signIn(app, member);
  return { me, vm: await machine(app, me), ...clientOf(me) };
}

/** Signs somebody in who gets new tokens whenever theirs have become old, however the clock goes on. */
export async function signIn(app: TestApp, user: TestUser): Promise<SignedIn> {
  const signedIn = await app.signIn(user);
  let { accessToken: token, refreshToken } = signedIn;
  let freshUntilMs = app.clock.now() + 4 * MINUTE;
  return {
    ...signedIn,
    request: async (method, path, options) => {
      if (app.clock.now() > freshUntilMs) {
        const { body } = await app.request("POST", "/v1/auth/refresh", { body: { refreshToken } });
        ({ accessToken: token, refreshToken } = body);
        freshUntilMs = app.clock.now() + 4 * MINUTE;
      }
      return await app.request(method, path, { ...options, token });
    },
  };
}

/** Makes a machine with 2 vCPUs and 1 GiB of memory that runs from now on. */
export async function machine(app: TestApp, by: SignedIn): Promise<string> {
  const spec = { vcpus: 2, memoryGiB: 1, image: "debian-13" };
  const { body } = await by.request("POST", "/v1/resources", { body: { type: "vm", name: "web", spec } });
  app.clock.advance(300);
  await by.request("GET", `/v1/resources/${body.id}`);
  return body.id;
}

/** What somebody does with usage. */
export function clientOf(me: SignedIn): Pick<Worker, "send" | "usage"> {
  return {
    send: async (events) =>
      (await me.request("POST", "/v1/usage", { headers: { "content-type": BATCH }, body: events })).body,
    usage: async (query = "groupBy=meter") => (await me.request("GET", `/v1/usage?${query}`)).body.items,
  };
}

let count = 0;

/** A CloudEvent of an amount of network, now; each has an id of its own. */
export function networkEvent(
  app: TestApp,
  { me, vm }: Pick<Worker, "me" | "vm">,
  value: unknown,
  changes: object = {},
): Record<string, unknown> {
  count += 1;
  return {
    specversion: "1.0",
    id: `e-${count}`,
    source: "/agents/1",
    type: "usage.network",
    subject: vm,
    time: new Date(app.clock.now()).toISOString(),
    data: { value, sessionId: me.sessionId },
    ...changes,
  };
}
