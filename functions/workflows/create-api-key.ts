import * as z from "zod";
import { workflowPorts } from "../../lib/aws/workflow-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { TimeInput } from "../../lib/http/metering-schema.ts";
import { Name } from "../../lib/http/name.ts";
import { json } from "../../lib/http/reply.ts";
import { type CreateApiKeyDeps, createApiKey } from "../../lib/workflow/create-api-key.ts";
import { ApiKeyDocument, apiKeyDocument, RoleNames } from "./api-key-document.ts";

/** Makes an API key. */
export const spec = {
  method: "POST",
  route: "/v1/api-keys",
  summary: "Make an API key",
  description:
    "Only roles whose permissions the caller holds can be given. The `secret` is in this answer and cannot be read again. The key gets its tokens at `POST /oauth/token` (`client_credentials`). A person makes it: a key cannot make keys.",
  tag: "Workflows",
  permission: "apikey:create",
  forPeople: true,
  body: z.strictObject({ name: Name, roles: RoleNames, expiresAt: TimeInput.optional() }),
  response: ApiKeyDocument.extend({ secret: z.string() }),
  successStatus: 201,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & CreateApiKeyDeps) =>
  endpoint(spec, deps, async ({ body, caller, trail, newId }) => {
    const keyId = newId("key");
    trail.about({ type: "apikey", id: keyId });
    const { key, secret } = await createApiKey(
      deps,
      {
        ...{ by: caller, tenantId: caller.tenantId, keyId },
        ...{ name: body.name, roles: body.roles, expiresAtMs: body.expiresAt },
      },
      trail,
    );
    return json({ ...apiKeyDocument(key), secret }, { status: 201 });
  });

export const handler = createHandler(workflowPorts());
