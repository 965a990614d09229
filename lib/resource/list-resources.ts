import { type AdvanceDeps, caughtUp } from "./advance-resource.ts";
import type { Resource } from "./resource.ts";
import type { ResourcePage, ResourceQuery } from "./resource-store.ts";

/** Which resources, and which of them may be seen. */
export interface ListResources {
  readonly query: ResourceQuery;
  readonly maySee: (resource: Resource) => boolean;
}

/** Reads a page of the resources that may be seen, newest first, each in the state that the provider has it in. */
export async function listResources(
  deps: AdvanceDeps,
  { query, maySee }: ListResources,
): Promise<ResourcePage> {
  const seen: Resource[] = [];
  let afterId = query.afterId;
  do {
    const page = await deps.resources.list({ ...query, ...(afterId === undefined ? {} : { afterId }) });
    seen.push(...page.resources.filter(maySee));
    afterId = page.nextAfterId;
  } while (afterId !== undefined && seen.length < query.limit);
  const shown = seen.slice(0, query.limit);
  const last = shown.at(-1);
  const isMore = afterId !== undefined || seen.length > shown.length;
  return {
    resources: await Promise.all(shown.map((resource) => caughtUp(deps, resource))),
    ...(isMore && last !== undefined ? { nextAfterId: last.resourceId } : {}),
  };
}
