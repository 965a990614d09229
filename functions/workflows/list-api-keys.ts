import * as z from "zod";
import { workflowPorts } from "../../lib/aws/workflow-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import type { ApiKeyStore } from "../../lib/workflow/api-key.ts";
import { ApiKeyDocument, apiKeyDocument } from "./api-key-document.ts";

/** Lists the tenant's API keys, newest first. */
export const spec = {
  method: "GET",
  route: "/v1/api-keys",
  summary: "List the tenant's API keys, newest first",
  tag: "Workflows",
  permission: "apikey:list",
  query: z.object({ ...PageQuery }),
  response: pageOf(ApiKeyDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly apiKeys: Pick<ApiKeyStore, "list"> }) =>
  endpoint(spec, deps, async ({ caller, query, position, page }) => {
    const afterId = await position();
    const { keys, nextAfterId } = await deps.apiKeys.list({
      ...{ tenantId: caller.tenantId, limit: query.limit, afterId },
    });
    return await page(keys.map(apiKeyDocument), nextAfterId);
  });

export const handler = createHandler(workflowPorts());
