import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { userTable } from "../../lib/aws/user-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import type { UserStore } from "../../lib/identity/user-store.ts";
import { UserDocument, userDocument } from "./user-document.ts";

/** Lists the people of the caller's tenant. */
export const spec = {
  method: "GET",
  route: "/v1/users",
  summary: "List users, newest first",
  tag: "Users",
  permission: "user:list",
  query: z.object(PageQuery),
  response: pageOf(UserDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly users: Pick<UserStore, "list"> }) =>
  endpoint(spec, deps, async ({ caller, query, position, page }) => {
    const { users, nextAfterId } = await deps.users.list({
      tenantId: caller.tenantId,
      limit: query.limit,
      afterId: await position(),
    });
    return await page(users.map(userDocument), nextAfterId);
  });

export const handler = createHandler({ ...platform(), users: userTable() });
