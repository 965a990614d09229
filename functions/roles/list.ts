import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import { RoleDocument, roleDocument } from "./role-document.ts";

/** Lists the roles that can be given in the caller's tenant. */
export const spec = {
  method: "GET",
  route: "/v1/roles",
  summary: "List roles by name: the built-in ones and the tenant's own",
  tag: "Roles",
  permission: "role:list",
  query: z.object(PageQuery),
  response: pageOf(RoleDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps) =>
  endpoint(spec, deps, async ({ caller, query, position, page }) => {
    // Whoever is decided about has the whole book in memory already: its pages are cut from it.
    const after = (await position()) ?? "";
    const rest = caller.roleBook.roles
      .filter(({ name }) => name > after)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const roles = rest.slice(0, query.limit);
    return await page(roles.map(roleDocument), rest.length > roles.length ? roles.at(-1)?.name : undefined);
  });

export const handler = createHandler(platform());
