import type { Chance } from "../chance.ts";
import { livenessOf, type ModelResource, type ModelSession, type ModelTenant } from "../model.ts";
import {
  type Acted,
  act,
  demand,
  type Listed,
  look,
  lookAll,
  nowOf,
  type Run,
  type Step,
  say,
  wait,
} from "../run.ts";
import { half, someSession, strongOwner } from "./signing-in.ts";

/** Whether somebody may work with resources. */
function mayWork({ person }: ModelSession): boolean {
  return person.roles.some((role) => role === "owner" || role === "member");
}

/** Makes a machine or a volume, now and then under an idempotency key. */
export async function create(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const session = someSession(step);
  if (session === undefined) return;
  const type = chance.one(["vm", "vm", "volume"] as const);
  const size = 1 + chance.below(8);
  const spec = type === "vm" ? { vcpus: size, memoryGiB: 1, image: "debian-13" } : { sizeGiB: size };
  const key = half(chance) ? `create-${run.at}` : undefined;
  say(step, `${session.id} makes a ${type} of ${size}${key === undefined ? "" : ", under a key"}`);
  const asked = {
    ...({ method: "POST", path: "/v1/resources", body: { type, name: `r${run.at}`, spec } } as const),
    headers: key === undefined ? {} : { "idempotency-key": key },
  };
  const told = await act(run, session, { ...asked, faults });
  if (told.is === "over") return;
  if (!mayWork(session)) {
    demand(
      told.is === "unknown" || told.status === 403,
      () => `A reader made a resource: ${told.status} ${told.text}`,
    );
    return;
  }
  if (told.is === "unknown") {
    const repeats = told.headers["x-request-id"];
    return await settleMade(run, session, key === undefined ? undefined : { ...asked, repeats });
  }
  demand(told.status === 202, () => `A resource was answered ${told.status} ${told.text}`);
  await made(run, session, told);
  if (key === undefined || half(chance)) return;
  const repeated = await act(run, session, asked);
  if (repeated.is !== "taken") return;
  const isReplay = repeated.text === told.text && repeated.headers["idempotent-replayed"] === "true";
  demand(isReplay, () => `A key was used twice and answered ${repeated.status} ${repeated.text}`);
}

/** Finds out whether a resource was made: by the same key again, or by the list. */
async function settleMade(
  run: Run,
  session: ModelSession,
  again: Parameters<typeof act>[2] | undefined,
): Promise<void> {
  const { home } = session.person;
  if (again !== undefined) {
    let told = await act(run, session, again);
    if (told.is === "taken" && told.body.code === "idempotency.in_progress") {
      // Nobody knows that the first run is gone, until its time is over.
      wait(run, 31_000);
      told = await act(run, session, again);
    }
    if (told.is === "taken" && told.status === 202) {
      return await made(run, session, told);
    }
    demand(told.is === "over", () => "A key could not be used again.");
  }
  const before = new Set(home.resources.map(({ id }) => id));
  const found = (await lookAll(run, home, "/v1/resources")).filter(({ id }: Listed) => !before.has(id));
  demand(found.length <= 1, () => `${found.length} resources are there that nobody made.`);
  for (const { id } of found) await made(run, session, await look(run, home, `/v1/resources/${id}`));
}

/** Takes a resource into the model; whoever looks at a volume first has it made, and machines are left for others. */
async function made(
  run: Run,
  session: ModelSession,
  shown: { readonly body: Listed; readonly headers: Listed },
): Promise<void> {
  if (shown.body.type === "volume") await look(run, session.person.home, `/v1/resources/${shown.body.id}`);
  known(session, shown);
}

function known(
  session: ModelSession,
  { body, headers }: { readonly body: Listed; readonly headers: Listed },
): void {
  const { home } = session.person;
  const atMs = Date.parse(body.createdAt);
  demand(!home.resources.some(({ id }) => id === body.id), () => `${body.id} was made twice.`);
  const size = body.type === "vm" ? body.spec.vcpus : body.spec.sizeGiB;
  home.resources.push({
    ...{ id: body.id, type: body.type, name: body.name, size, state: "running" },
    ...{ volumes: new Set(), usedBy: undefined, etag: headers.etag },
    levels: [{ atMs, level: size }],
    attachments: [{ session, fromMs: atMs, toMs: undefined }],
  });
}

/** What a change of a resource asks for, and what it comes to. */
interface Change {
  readonly name: string;
  readonly asked: Parameters<typeof act>[2];
  /** The answer where nothing goes wrong. */
  readonly status: number;
  /** What the resource is afterwards; nothing where the change is refused, or changes nothing. */
  readonly after?: Partial<Pick<ModelResource, "state" | "size" | "name">>;
  /** The volume that it gets, or lets go. */
  readonly attaches?: ModelResource;
  readonly detaches?: ModelResource;
  /** Whether the session lets it go. */
  readonly letsGo?: boolean;
  /** Whether the session holds it from now on. */
  readonly holds?: boolean;
}

/** Changes a resource: its size, its name, whether it runs, its volumes, who holds it. */
export async function change(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const session = someSession(step);
  if (session === undefined) return;
  const resource = chance.pick(session.person.home.resources.filter(({ state }) => state !== "deleted"));
  if (resource === undefined) return;
  const wanted = drawChange(chance, resource, session);
  if (wanted === undefined) return;
  const condition = chance.weighted([
    [6, "none"],
    [2, "right"],
    [1, "stale"],
  ] as const);
  const headers = { none: {}, right: { "if-match": resource.etag }, stale: { "if-match": '"999"' } }[
    condition
  ];
  say(step, `${session.id}: ${wanted.name} of ${resource.id}, ${condition}`);
  const told = await act(run, session, { ...wanted.asked, headers, faults });
  if (told.is === "over") return;
  if (!mayWork(session)) {
    demand(
      told.is === "unknown" || told.status === 403,
      () => `A reader did it: ${told.status} ${told.text}`,
    );
    return;
  }
  if (told.is === "taken" && condition === "stale") {
    demand(told.status === 412, () => `A stale revision was answered ${told.status} ${told.text}`);
    return;
  }
  await settleChange(run, told, { session, resource, change: wanted });
}

/** What can be asked of a resource. */
interface Asking {
  readonly post: (verb: string, body?: object) => Change["asked"];
  readonly patch: (body: object) => Change["asked"];
}

function askingOf({ id }: ModelResource): Asking {
  const path = `/v1/resources/${id}`;
  return {
    post: (verb, body) => ({ method: "POST", path: `${path}/${verb}`, ...(body && { body }) }),
    patch: (body) => ({ method: "PATCH", path, body }),
  };
}

const KINDS = [
  "resize",
  "resize",
  "rename",
  "switch",
  "switch",
  "volume",
  "volume",
  "attach",
  "detach",
] as const;

function drawChange(chance: Chance, resource: ModelResource, session: ModelSession): Change | undefined {
  const { post, patch } = askingOf(resource);
  switch (chance.one(KINDS)) {
    case "resize":
      return drawResize(chance, resource);
    case "rename": {
      const name = `${resource.name}'`.slice(-20);
      if (name === resource.name) return undefined;
      return { name: "rename", asked: patch({ name }), status: 200, after: { name }, holds: true };
    }
    case "switch":
      return drawSwitch(chance, resource);
    case "volume":
      return drawVolumeChange(chance, resource, session);
    case "attach":
      return { name: "attach", asked: post("attach"), status: 200, holds: true };
    case "detach":
      return { name: "detach", asked: post("detach"), status: 200, letsGo: true };
  }
}

function drawResize(chance: Chance, resource: ModelResource): Change | undefined {
  const { patch } = askingOf(resource);
  if (resource.type === "vm") {
    const size = 1 + ((resource.size + chance.below(6)) % 8);
    if (size === resource.size) return undefined;
    const asked = patch({ spec: { vcpus: size } });
    return { name: `resize to ${size}`, asked, status: 200, after: { size }, holds: true };
  }
  const size = resource.size - 2 + chance.below(6);
  if (size === resource.size || size < 1) return undefined;
  const asked = patch({ spec: { sizeGiB: size } });
  if (size < resource.size) return { name: "shrink", asked, status: 422 };
  return { name: `grow to ${size}`, asked, status: 200, after: { size }, holds: true };
}

function drawSwitch(chance: Chance, resource: ModelResource): Change {
  const { post } = askingOf(resource);
  if (resource.type === "volume") return { name: "stop", asked: post("stop"), status: 422 };
  const verb = half(chance) ? "start" : "stop";
  const state = verb === "start" ? "running" : "stopped";
  const change = { name: verb, asked: post(verb), status: 200 };
  return state === resource.state ? change : { ...change, after: { state }, holds: true };
}

function drawVolumeChange(chance: Chance, vm: ModelResource, { person }: ModelSession): Change | undefined {
  const volume = chance.pick(
    person.home.resources.filter(({ type, state }) => type === "volume" && state === "running"),
  );
  if (volume === undefined || vm.type !== "vm") return undefined;
  const post = (verb: string) => askingOf(vm).post(verb, { volumeId: volume.id });
  if (vm.volumes.has(volume.id)) {
    if (half(chance)) return { name: "attach a volume again", asked: post("attach-volume"), status: 200 };
    return {
      name: "detach a volume",
      asked: post("detach-volume"),
      status: 200,
      detaches: volume,
      holds: true,
    };
  }
  if (volume.usedBy !== undefined)
    return { name: "take a volume", asked: post("attach-volume"), status: 409 };
  return {
    name: "attach a volume",
    asked: post("attach-volume"),
    status: 200,
    attaches: volume,
    holds: true,
  };
}

interface Changing {
  readonly session: ModelSession;
  readonly resource: ModelResource;
  readonly change: Change;
}

/** What the answer to a change means; where there is none, what is there says it. */
async function settleChange(
  run: Run,
  told: Acted & { is: "taken" | "unknown" },
  changing: Changing,
): Promise<void> {
  const { resource, change: wanted, session } = changing;
  const atMs = nowOf(run);
  if (told.is === "taken") {
    demand(told.status === wanted.status, () => `${wanted.name} was answered ${told.status} ${told.text}`);
    if (told.status < 300) applied(changing, { atMs, etag: told.headers["etag"] ?? resource.etag });
    return;
  }
  const doc = await settledDocument(run, session.person.home, resource);
  const happened = isLike(doc.body, afterOf(changing));
  demand(
    happened || isLike(doc.body, resource),
    () => `${resource.id} is neither as before nor as after: ${doc.text}`,
  );
  if (!happened) return;
  // Where somebody else has taken it further, the one who asked may not hold it.
  const attached: readonly string[] = doc.body.attachedSessions;
  const isHeld = attached.includes(session.id);
  const { holds: _holds, letsGo: _letsGo, ...rest } = wanted;
  const bookkeeping = {
    ...(wanted.holds === true && isHeld && { holds: true }),
    ...(wanted.letsGo === true && !isHeld && { letsGo: true }),
  };
  const levelAtMs =
    wanted.after === undefined ? atMs : Math.min(Math.max(Date.parse(doc.body.updatedAt), atMs), nowOf(run));
  applied(
    { ...changing, change: { ...rest, ...bookkeeping } },
    { atMs, levelAtMs, etag: doc.headers["etag"] ?? "" },
  );
}

/** Reads a resource until nothing of it is under way. */
async function settledDocument(run: Run, home: ModelTenant, { id }: ModelResource) {
  let doc = await look(run, home, `/v1/resources/${id}`);
  if (doc.body.pending !== undefined) {
    // For ten seconds the request that began it has it to itself.
    wait(run, 11_000);
    doc = await look(run, home, `/v1/resources/${id}`);
  }
  demand(doc.status === 200 && doc.body.pending === undefined, () => `${id} is stuck: ${doc.text}`);
  return doc;
}

function afterOf({ resource, change: { after, attaches, detaches } }: Changing): ModelResource {
  const volumes = new Set(resource.volumes);
  if (attaches !== undefined) volumes.add(attaches.id);
  if (detaches !== undefined) volumes.delete(detaches.id);
  return { ...resource, ...after, volumes };
}

/** Whether a document says of a resource what the model does. */
function isLike(doc: Listed, { type, state, size, name, volumes }: ModelResource): boolean {
  const isState = doc.state === state || (doc.state === "provisioning" && state === "running");
  const isSize = (type === "vm" ? doc.spec.vcpus : doc.spec.sizeGiB) === size;
  const hasVolumes = type === "volume" || [...volumes].toSorted().join() === doc.volumes.toSorted().join();
  return isState && isSize && hasVolumes && doc.name === name;
}

interface When {
  readonly atMs: number;
  /** When its level changed, where that is not when it was asked for. */
  readonly levelAtMs?: number;
  readonly etag: string;
}

function applied(
  { session, resource, change: wanted }: Changing,
  { atMs, levelAtMs = atMs, etag }: When,
): void {
  Object.assign(resource, wanted.after, { etag });
  const level = levelOf(resource);
  if (resource.levels.at(-1)?.level !== level) resource.levels.push({ atMs: levelAtMs, level });
  const { attaches, detaches } = wanted;
  if (attaches !== undefined) {
    resource.volumes.add(attaches.id);
    attaches.usedBy = resource.id;
  }
  if (detaches !== undefined) {
    resource.volumes.delete(detaches.id);
    detaches.usedBy = undefined;
  }
  const held = resource.attachments.find((one) => one.session === session && one.toMs === undefined);
  if (wanted.holds === true && held === undefined) {
    resource.attachments.push({ session, fromMs: atMs, toMs: undefined });
  }
  if (wanted.letsGo === true && held !== undefined) held.toMs = atMs;
}

/** What a resource counts for: a machine while it runs, a volume while it is there. */
function levelOf({ type, state, size }: ModelResource): number {
  const counts = type === "vm" ? state === "running" : state !== "deleted";
  return counts ? size : 0;
}

/** Deletes a resource; one that another one uses stays. */
export async function remove(step: Step): Promise<void> {
  const { run, chance, faults } = step;
  const session = await strongOwner(step);
  if (session === undefined) return;
  const resource = chance.pick(session.person.home.resources);
  if (resource === undefined) return;
  const isUsed = resource.volumes.size > 0 || resource.usedBy !== undefined;
  say(step, `${session.id} deletes ${resource.id}`);
  const asked = { method: "DELETE", path: `/v1/resources/${resource.id}` } as const;
  const status = isUsed ? 409 : 204;
  const told = await act(run, session, { ...asked, faults });
  if (told.is === "over") return;
  const after = isUsed ? {} : { after: { state: "deleted" as const } };
  await settleChange(run, told, { session, resource, change: { name: "delete", asked, status, ...after } });
  if (resource.state !== "deleted") return;
  const deletedAtMs = resource.levels.at(-1)?.atMs;
  for (const attachment of resource.attachments) attachment.toMs ??= deletedAtMs;
}

/** Holds a tenant's resources, and who holds them, to the model. */
export async function compareResources(run: Run, home: ModelTenant): Promise<void> {
  for (const resource of home.resources) {
    const { status, body, text } = await look(run, home, `/v1/resources/${resource.id}`);
    demand(
      status === 200 && isLike(body, resource),
      () => `${resource.id} is ${resource.state}, ${resource.size}: ${text}`,
    );
    demand(
      (body.usedBy[0] ?? undefined) === resource.usedBy,
      () => `${resource.id} is used by ${resource.usedBy}: ${text}`,
    );
    const held = resource.attachments.filter(({ toMs }) => toMs === undefined).map(({ session }) => session);
    const attached: readonly string[] = body.attachedSessions;
    const unknown = attached.filter((id) => !held.some((session) => session.id === id));
    demand(
      unknown.length === 0,
      () => `${resource.id} is held by ${unknown}, which the model knows nothing of.`,
    );
    const sure = held.filter((session) => livenessOf(session, nowOf(run)) === "alive");
    const missing = sure.filter(({ id }) => !attached.includes(id)).map(({ id }) => id);
    demand(missing.length === 0, () => `${resource.id} is not held by ${missing}.`);
  }
  const listed = await lookAll(run, home, "/v1/resources");
  const there = home.resources.filter(({ state }) => state !== "deleted").map(({ id }) => id);
  demand(
    there.toSorted().join() ===
      listed
        .map(({ id }: Listed) => id)
        .toSorted()
        .join(),
    () => {
      return `The resources are ${there}, and ${listed.map(({ id }: Listed) => id)} are listed.`;
    },
  );
}

/** Looks at a tenant's resources. */
export async function inspect(step: Step): Promise<void> {
  say(step, "resources are compared");
  await compareResources(step.run, step.chance.one(step.run.tenants));
}
