import { notFound } from "../errors.ts";
import { type AdvanceDeps, caughtUp } from "./advance-resource.ts";
import type { Resource } from "./resource.ts";

/** Which resource, and who may see it. */
export interface GetResource {
  readonly tenantId: string;
  readonly resourceId: string;
  readonly permit: (resource: Resource) => void;
}

/**
 * Reads a resource in the state that the provider has it in: an operation under way is taken as far as it has come.
 * @throws AppError `not_found`, and what `permit` throws
 */
export async function getResource(deps: AdvanceDeps, input: GetResource): Promise<Resource> {
  const resource = await deps.resources.get(input.tenantId, input.resourceId);
  if (resource === undefined) throw notFound();
  input.permit(resource);
  return await caughtUp(deps, resource);
}
