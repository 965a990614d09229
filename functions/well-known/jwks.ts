import * as z from "zod";
import { platform, platformKeys } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import type { PublicKeys } from "../../lib/session/token.ts";

/** The public keys that access tokens are signed with now, before long, or still (RFC 7517). */
export const spec = {
  method: "GET",
  route: "/.well-known/jwks.json",
  summary: "Public signing keys",
  tag: "Standards",
  permission: "public",
  action: "keys:read",
  response: z.object({ keys: z.array(z.record(z.string(), z.string())) }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly keys: PublicKeys }) =>
  endpoint(spec, deps, async () => json(await deps.keys.jwks()));

export const handler = createHandler({ ...platform(), keys: platformKeys });
