import type { SignedIn, TestApp } from "../../support/app.ts";

/** One of each thing that a tenant can own, by the name that paths, queries and bodies have for it. */
export interface World {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly factorId: string;
  readonly resourceId: string;
  readonly volumeId: string;
  readonly activityId: string;
  readonly invoiceId: string;
  readonly usageEventId: string;
  readonly alertId: string;
  readonly webhookId: string;
  /** Of a message that was not taken. */
  readonly deliveryId: string;
  /** Of the owner's leave for any support agent to look at their session. */
  readonly grantId: string;
  /** Of an agent's request for the same. */
  readonly requestId: string;
  /** Of an API key. */
  readonly keyId: string;
  /** Of a run that the key has opened a session of. */
  readonly runId: string;
  /** Of a role. */
  readonly name: string;
  /** Of a document of a session's state; the same in every world. */
  readonly key: string;
  /** What a line of an invoice is of; the same in every world. */
  readonly meter: string;
  /** Of the owner, who has given the password and not yet the code. */
  readonly challengeToken: string;
}

/** A tenant with one of each thing, and its owner, who may do all that can be done in a tenant. */
export interface Inhabited {
  readonly world: World;
  readonly owner: SignedIn;
}

const VM = { type: "vm", name: "web", spec: { vcpus: 2, memoryGiB: 4, image: "debian-13" } };
const VOLUME = { type: "volume", name: "disk", spec: { sizeGiB: 100 } };

/** What OAuth's endpoints take. */
export const FORM = "application/x-www-form-urlencoded";

/** A month that is over, for which there is an invoice. */
const PERIOD = "2026-01";

/** Makes a tenant with one of each thing. Its invoice is the minimum of the operator's card. */
export async function inhabit(app: TestApp, operator: SignedIn, role: string): Promise<Inhabited> {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  const theirs = await app.signIn(tenant.member);
  const resources: string[] = [];
  for (const body of [VM, VOLUME]) resources.push(await made(owner, "/v1/resources", body));
  app.clock.advance(1000);
  await made(owner, "/v1/roles", { name: role, statements: [] });
  await theirs.request("PUT", "/v1/sessions/current/state/cart", { body: { items: 1 } });
  const factors = await owner.request("GET", "/v1/me/factors");
  await operator.request("POST", "/v1/billing/runs", { body: { period: PERIOD, tenantId: tenant.id } });
  const invoices = await owner.request("GET", "/v1/invoices");
  const usageEventId = `event-${role}`;
  await owner.request("POST", "/v1/usage", {
    body: usage(usageEventId, { resourceId: resources[0] ?? "", sessionId: owner.sessionId }),
    headers: { "content-type": "application/cloudevents+json" },
  });
  // Refused again and again: that raises an alert.
  for (let count = 0; count < 5; count++) await theirs.request("GET", "/v1/users");
  await app.deliverStreams();
  const alerts = await owner.request("GET", "/v1/alerts");
  const webhookId = await made(owner, "/v1/webhooks", { url: "http://localhost:1/nobody", eventTypes: [] });
  const tried = await owner.request("POST", `/v1/webhooks/${webhookId}/test`);
  const terms = { sessionId: owner.sessionId, access: "view", expiresInSeconds: 600, reason: "It hangs." };
  const grantId = await made(owner, "/v1/support/grants", terms);
  const requestId = await made(await addAgent(app, operator, role), "/v1/support/requests", terms);
  const runId = `run-${role}`;
  const keyId = await keyInRun(app, owner, runId);
  const { email, password } = tenant.owner;
  const login = await app.request("POST", "/v1/auth/login", { body: { email, password } });
  const [record] = await app.records(tenant.id);
  const [resourceId, volumeId] = resources;
  const world = {
    tenantId: tenant.id,
    userId: tenant.member.userId,
    sessionId: theirs.sessionId,
    factorId: factors.body.items[0].id,
    resourceId,
    volumeId,
    activityId: record?.id,
    invoiceId: invoices.body.items[0].id,
    name: role,
    key: "cart",
    meter: "cpu",
    usageEventId,
    alertId: alerts.body.items[0].id,
    webhookId,
    deliveryId: tried.body.id,
    grantId,
    requestId,
    ...{ keyId, runId },
    challengeToken: login.body.challengeToken,
  };
  for (const [name, id] of Object.entries(world)) {
    if (typeof id !== "string") throw new Error(`The tenant has no ${name}.`);
  }
  return { world: world as World, owner };
}

/** An API key that has opened a session of a run. */
async function keyInRun(app: TestApp, owner: SignedIn, runId: string): Promise<string> {
  const { body: key } = await owner.request("POST", "/v1/api-keys", {
    body: { name: "deploy", roles: ["member"] },
  });
  const form = { grant_type: "client_credentials", client_id: key.id, client_secret: key.secret };
  await app.request("POST", "/oauth/token", {
    body: new URLSearchParams({ ...form, run_id: runId }).toString(),
    headers: { "content-type": FORM },
  });
  return key.id;
}

/** A support agent among the platform's people. */
async function addAgent(app: TestApp, operator: SignedIn, name: string): Promise<SignedIn> {
  const { tenantId, password } = operator.user;
  const roles = ["support-agent"];
  const account = { email: `agent-of-${name}@example.com`, password, roles };
  const userId = await made(operator, "/v1/users", account);
  return await app.signIn({ ...account, tenantId, userId, totpSecret: null });
}

/** Ids of the right form that nobody has. */
export function nobodys(world: World): World {
  const nobodysId = (id: string) => `${id.slice(0, 4)}${"7".repeat(id.length - 4)}`;
  const { name: _role, key, meter, ...ids } = world;
  const entries = Object.entries(ids).map(([name, id]) => [name, nobodysId(id)]);
  return { ...Object.fromEntries(entries), name: "nobodys-role", key, meter } as World;
}

/** A counter's event, as CloudEvents has it. */
export function usage(id: string, { resourceId, sessionId }: Pick<World, "resourceId" | "sessionId">) {
  return {
    specversion: "1.0",
    id,
    source: "/cloud",
    type: "usage.network",
    subject: resourceId,
    time: "2026-03-02T09:00:00.500Z",
    data: { value: "1", sessionId },
  };
}

async function made(by: SignedIn, path: string, body: object): Promise<string> {
  const answer = await by.request("POST", path, { body });
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.body.id;
}
