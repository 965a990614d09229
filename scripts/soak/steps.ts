import type { Send } from "./api.ts";
import type { KeptResource, Ledger } from "./ledger.ts";
import { insist, type SignedIn } from "./sign-in.ts";
import type { Tally } from "./tally.ts";

/** Somebody at work. */
export interface Desk {
  readonly me: SignedIn;
  readonly send: Send;
  readonly ledger: Ledger;
  readonly tally: Tally;
  /** What the page of the console loads. */
  readonly assets: readonly string[];
  /** The resources that this person has. */
  readonly own: KeptResource[];
}

/** A kind of work, and how often it comes up beside the others. */
export interface Step {
  readonly weight: number;
  readonly for?: "admins";
  readonly take: (desk: Desk) => Promise<unknown>;
}

const STATE_KEYS = 12;
const RESOURCES_MAX = 4;

/** A step that reads one document. */
function reading(kind: string, path: string): Step["take"] {
  return ({ me }) => me.send({ kind, method: "GET", path, expects: [200] });
}

/** The mix of a day. */
export const STEPS: readonly Step[] = [
  { weight: 20, take: reading("read: me", "/v1/me") },
  { weight: 6, take: reading("read: sessions", "/v1/sessions") },
  { weight: 4, take: reading("read: resources", "/v1/resources") },
  { weight: 8, take: reading("activity: list", "/v1/activity?limit=50") },
  { weight: 4, take: reading("activity: search", "/v1/activity?action=session:start&outcome=success") },
  {
    weight: 1,
    for: "admins",
    take: reading("activity: export", "/v1/activity/export?format=ocsf&limit=200"),
  },
  { weight: 2, take: reading("metrics: session", "/v1/sessions/current/metrics") },
  { weight: 2, take: reading("usage: read", "/v1/usage?groupBy=meter") },
  { weight: 1, for: "admins", take: reading("billing: preview", "/v1/billing/preview") },
  { weight: 10, take: writeState },
  { weight: 8, take: readState },
  { weight: 4, take: refresh },
  { weight: 6, take: evaluate },
  { weight: 5, take: resourceStep },
  { weight: 6, take: ingestUsage },
  { weight: 2, for: "admins", take: logActivity },
  { weight: 4, take: loadConsole },
  { weight: 6, take: beRefused },
];

function pick<Item>(items: readonly Item[]): Item | undefined {
  return items[Math.floor(Math.random() * items.length)];
}

async function writeState({ me }: Desk): Promise<void> {
  const key = `page-${Math.floor(Math.random() * STATE_KEYS)}`;
  const value = (me.kept.state.get(key) ?? 0) + 1;
  const path = `/v1/sessions/current/state/${key}`;
  const body = { value, text: "x".repeat(400) };
  const answer = await me.insist({ kind: "state: write", method: "PUT", path, body, expects: [200] });
  if (answer.status < 300) me.kept.state.set(key, value);
}

async function readState({ me, tally }: Desk): Promise<void> {
  const [key, value] = pick([...me.kept.state]) ?? [];
  if (key === undefined) return;
  const path = `/v1/sessions/current/state/${key}`;
  const answer = await me.send({ kind: "state: read", method: "GET", path, expects: [200] });
  if (answer.status !== 200 || answer.body.value === value) return;
  const { requestId, status } = answer;
  const defect = `${key} is ${answer.body.value} and was answered as ${value}`;
  tally.add({
    kind: "state: read",
    status,
    requestId,
    atMs: Date.now(),
    tookMs: 0,
    isExpected: false,
    defect,
  });
}

/** Gets new tokens. */
export async function refresh({ me, send }: Pick<Desk, "me" | "send">): Promise<void> {
  const body = { refreshToken: me.refreshToken };
  const ask = { kind: "refresh", method: "POST", path: "/v1/auth/refresh", body, expects: [200] };
  // Repeated more than 10 s after an answer that was lost, the token counts as stolen.
  const { answer } = await insist(send, { ...ask, expectsAgain: [401] });
  if (answer.status === 200) {
    me.accessToken = answer.body.accessToken;
    me.refreshToken = answer.body.refreshToken;
  } else me.kept.is = "unknown";
}

async function evaluate({ me, own }: Desk): Promise<void> {
  const resource = { type: "instance_group", id: own[0]?.id ?? "res_none" };
  const body = {
    subject: { type: "session", id: me.kept.sessionId },
    action: { name: "instance_group:scale" },
    resource,
  };
  const path = "/access/v1/evaluation";
  // A decision's record is one of its own, written beside the request's.
  await me.send({ kind: "access: decision", method: "POST", path, body, expects: [200], isRecorded: false });
}

async function resourceStep(desk: Desk): Promise<void> {
  const { own } = desk;
  const resource = pick(own);
  if (resource === undefined || own.length < RESOURCES_MAX) return await createGroup(desk);
  const path = `/v1/resources/${resource.id}`;
  const read = await desk.me.send({ kind: "resource: read", method: "GET", path, expects: [200] });
  if (read.status !== 200 || read.body.state !== "running") return;
  await (Math.random() < 0.3 ? deleteGroup(desk, resource) : scaleGroup(desk, resource));
}

async function createGroup({ me, own, ledger }: Desk): Promise<void> {
  const template = { vcpus: 1, memoryGiB: 1, image: "debian-12" };
  const body = { type: "instance_group", name: "soak", spec: { template, desired: 1, min: 1, max: 9 } };
  const headers = { "idempotency-key": crypto.randomUUID() };
  const ask = { kind: "resource: create", method: "POST", path: "/v1/resources", body, headers };
  const answer = await me.insist({ ...ask, expects: [202], expectsAgain: [409] });
  if (answer.status !== 202) return;
  const resource = { tenantId: me.kept.tenantId, id: String(answer.body.id), desired: 1, isDeleted: false };
  own.push(resource);
  ledger.resources.push(resource);
}

async function scaleGroup({ me }: Desk, resource: KeptResource): Promise<void> {
  const desired = 1 + (resource.desired % 9);
  const ask = { kind: "resource: scale", method: "PATCH", path: `/v1/resources/${resource.id}` };
  const body = { spec: { desired } };
  const answer = await me.insist({ ...ask, body, expects: [200] });
  if (answer.status < 300) resource.desired = desired;
}

/** Deletes a resource of one's own. */
export async function deleteGroup(
  { me, own }: Pick<Desk, "me" | "own">,
  resource: KeptResource,
): Promise<void> {
  const ask = { kind: "resource: delete", method: "DELETE", path: `/v1/resources/${resource.id}` };
  const answer = await me.insist({ ...ask, expects: [204] });
  if (answer.status !== 204) return;
  resource.isDeleted = true;
  own.splice(own.indexOf(resource), 1);
}

async function ingestUsage({ me, own, ledger }: Desk): Promise<void> {
  const [resource] = own;
  if (resource === undefined) return;
  const { sessionId, tenantId } = me.kept;
  const count = 10 + Math.floor(Math.random() * 40);
  const body = Array.from({ length: count }, () => ({
    ...{ specversion: "1.0", id: crypto.randomUUID(), source: "/soak", type: "usage.network" },
    ...{ subject: resource.id, time: new Date().toISOString(), data: { value: "1", sessionId } },
  }));
  const mediaType = "application/cloudevents-batch+json";
  const ask = { kind: "usage: ingest", method: "POST", path: "/v1/usage", body, mediaType, expects: [202] };
  const answer = await me.insist(ask);
  if (answer.status !== 202) return;
  const taken = answer.body.accepted + answer.body.duplicates;
  ledger.usageEvents.set(tenantId, (ledger.usageEvents.get(tenantId) ?? 0) + taken);
  // Some senders are not sure whether they have sent it.
  if (Math.random() < 0.1) await me.insist(ask);
}

async function logActivity({ me }: Desk): Promise<void> {
  const records = Array.from({ length: 20 }, () => ({
    ...{ id: crypto.randomUUID(), time: new Date().toISOString(), actor: { type: "service", id: "build" } },
    ...{ action: "image:build", resource: { type: "image", id: "debian-12" }, outcome: "success" },
  }));
  const ask = { kind: "activity: log", method: "POST", path: "/v1/activity", body: { records } };
  await me.insist({ ...ask, expects: [202] });
}

async function loadConsole({ send, assets }: Desk): Promise<void> {
  const path = pick(assets) ?? "/";
  await send({ kind: "console", method: "GET", path, expects: [200] });
}

/** What does not go through, for one reason or another. */
async function beRefused({ me, send, ledger }: Desk): Promise<void> {
  const kind = "refused";
  const foreign = pick(ledger.resources.filter(({ tenantId }) => tenantId !== me.kept.tenantId));
  const refusals = [
    () => send({ kind, method: "GET", path: "/v1/me", expects: [401] }),
    () => send({ kind, method: "GET", path: "/v1/me", token: `${me.accessToken}A`, expects: [401] }),
    () => send({ kind, method: "GET", path: "/v1/nothing", expects: [404] }),
    () => me.send({ kind, method: "GET", path: `/v1/resources/${foreign?.id ?? "res_0"}`, expects: [404] }),
    () => me.send({ kind, method: "POST", path: "/v1/resources", body: { type: "vm" }, expects: [400] }),
    () => me.send({ kind, method: "POST", path: "/v1/resources", body: "{", expects: [400] }),
  ];
  await pick(refusals)?.();
}
