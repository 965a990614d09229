import * as z from "zod";
import { env } from "../../lib/aws/env.ts";
import { platform } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";

const Names = z.array(z.string());

/** Says what the authorisation server can do, and where (RFC 8414). */
export const spec = {
  method: "GET",
  route: "/.well-known/oauth-authorization-server",
  summary: "What programs can get tokens for, and where (RFC 8414)",
  tag: "Standards",
  permission: "public",
  action: "oauth:discover",
  response: z.object({
    issuer: z.url(),
    token_endpoint: z.url(),
    token_endpoint_auth_methods_supported: Names,
    grant_types_supported: Names,
    response_types_supported: Names,
    introspection_endpoint: z.url(),
    introspection_endpoint_auth_methods_supported: Names,
    revocation_endpoint: z.url(),
    revocation_endpoint_auth_methods_supported: Names,
    jwks_uri: z.url(),
    service_documentation: z.url(),
  }),
  successStatus: 200,
} as const satisfies EndpointSpec;

const BY_SECRET = ["client_secret_basic", "client_secret_post"];

export const createHandler = (deps: HttpDeps & { readonly issuer: string }) =>
  endpoint(spec, deps, async () =>
    json({
      issuer: deps.issuer,
      token_endpoint: `${deps.issuer}/oauth/token`,
      token_endpoint_auth_methods_supported: [...BY_SECRET, "none"],
      grant_types_supported: ["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"],
      // There is no authorisation endpoint; the member has to be there all the same.
      response_types_supported: [],
      introspection_endpoint: `${deps.issuer}/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: [...BY_SECRET, "Bearer"],
      revocation_endpoint: `${deps.issuer}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: [...BY_SECRET, "none"],
      jwks_uri: `${deps.issuer}/.well-known/jwks.json`,
      service_documentation: `${deps.issuer}/docs`,
    }),
  );

export const handler = createHandler({ ...platform(), issuer: env.issuer });
