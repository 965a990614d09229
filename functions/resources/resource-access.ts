import { notFound } from "../../lib/errors.ts";
import type { Exchange } from "../../lib/http/exchange.ts";
import type { Change } from "../../lib/resource/change-resource.ts";
import { type Resource, refOf } from "../../lib/resource/resource.ts";
import { originOf } from "../../lib/resource/system-trail.ts";
import type { Caller } from "../../lib/session/caller.ts";

/** The part of a request that decides on resources. */
type Deciding = Pick<Exchange, "authorise" | "mayI" | "trail">;

/** The part of a request that changes a resource. */
type Changing = Deciding & {
  readonly path: { readonly resourceId: string };
  readonly caller: Caller;
  expectedVersion(): number | undefined;
};

/**
 * Decides `<type>:<verb>` on a resource, and names it on the record. Who may neither do that nor read it gets the
 * answer of a resource that is not there.
 */
export function permitter(exchange: Deciding, verb: string): (resource: Resource) => void {
  return (resource) => permit(exchange, resource, `${resource.blueprint.type}:${verb}`);
}

/** As `permitter`, for an action that names its type. */
export function permit(exchange: Deciding, resource: Resource, action: string): void {
  const asked = { ...accessOf(resource), action };
  exchange.trail.action(action);
  exchange.trail.about(asked.resource);
  if (!exchange.mayI(asked) && !maySee(exchange, resource)) throw notFound();
  exchange.authorise(asked);
}

/** Decides on another resource that the request touches, which its record is not about. */
export function permitBeside(exchange: Deciding, resource: Resource, action: string): void {
  const asked = { ...accessOf(resource), action };
  if (!exchange.mayI(asked) && !maySee(exchange, resource)) throw notFound();
  exchange.authorise(asked);
}

/** Whether the caller may read a resource. */
export function maySee(exchange: Pick<Exchange, "mayI">, resource: Resource): boolean {
  return exchange.mayI({ ...accessOf(resource), action: `${resource.blueprint.type}:read` });
}

/** What deciding on a resource needs to know of it. */
export function accessOf(resource: Resource) {
  const { ownerId, ownerSessionId, holders, tags } = resource;
  const sessionIds = [ownerSessionId, ...holders.map(({ sessionId }) => sessionId)];
  return { resource: refOf(resource), ownerId, tags, sessionIds };
}

/** What a use case is told of the request that changes a resource. */
export function changeOf(exchange: Changing, verb: string): Omit<Change, "plan"> {
  return {
    tenantId: exchange.caller.tenantId,
    resourceId: exchange.path.resourceId,
    origin: originOf(exchange.trail),
    trail: exchange.trail,
    expectedRevision: exchange.expectedVersion(),
    permit: permitter(exchange, verb),
  };
}
