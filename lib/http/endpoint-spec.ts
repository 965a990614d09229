import type * as z from "zod";
import type { ErrorCode } from "../errors.ts";

/** A URL's or body's schema: zod 4, strict for bodies, so that unknown fields are refused. */
export type Schema = z.ZodType;

/**
 * Who may call an endpoint.
 * - `public`: anybody; nothing is known of the caller.
 * - `authenticated`: any live session; what it does is about the caller alone.
 * - `noun:verb`: the factory decides it on `resource` (default `*`) before the handler runs.
 * - `{ decidedBy: "handler", action }`: the handler has to call `exchange.authorise` once it knows the resource;
 *   an answer without a decision is a defect and is not sent.
 * - `{ operator: action }`: a session of the platform's own tenant that also holds the action.
 */
export type PermissionRule =
  | "public"
  | "authenticated"
  | `${string}:${string}`
  | { readonly decidedBy: "handler"; readonly action: `${string}:${string}` }
  | { readonly operator: `${string}:${string}` };

/** Everything that is to be known of one endpoint: routing, schemas, permission and documentation come from it. */
export interface EndpointSpec {
  /** `ANY` is for the one endpoint that answers where there is no other. */
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "ANY";
  /** Path with `{name}` parameters. */
  readonly route: string;
  /** One sentence for the OpenAPI document. */
  readonly summary: string;
  /** What a client should know beyond the summary, in CommonMark. */
  readonly description?: string;
  /** The noun it is listed under in the OpenAPI document. */
  readonly tag: string;
  readonly permission: PermissionRule;
  /** The record's action, where it is not the permission's. */
  readonly action?: `${string}:${string}`;
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: Schema;
  /** Media types taken; default `application/json`. */
  readonly mediaTypes?: readonly string[];
  /** `raw` hands the body over as text, for formats with a parser of their own. Default `json`. */
  readonly bodyAs?: "json" | "raw" | "form";
  /** How it refuses; default `problem`. */
  readonly errorsAs?: "problem" | "oauth";
  /** Whether the body may be left out; then it reads as `{}`. */
  readonly bodyOptional?: boolean;
  readonly response: Schema;
  readonly successStatus: 200 | 201 | 202 | 204;
  /** Media types answered; default `application/json`. What is not JSON is a string in `response`. */
  readonly produces?: readonly string[];
  /** The answer carries an `ETag`; a write then also takes `If-Match`. */
  readonly etag?: boolean;
  /** Codes that the handler itself refuses with, beside those that every endpoint of this kind can answer. */
  readonly errors?: readonly ErrorCode[];
  /** Whether a record is made of a successful call. Default true for every endpoint that knows its tenant. */
  readonly recorded?: boolean;
  /** Gives the client's own `X-Request-Id` back, and puts it on record (AuthZEN 1.0 section 10.1.3). */
  readonly takesRequestId?: boolean;
  /** Takes `Authorization: Challenge …` beside a bearer token. */
  readonly acceptsChallenge?: boolean;
  /** Is about a person's own credentials: pipelines and support agents are refused. */
  readonly forPeople?: boolean;
  /** Can be called by a support session too. It is then decided for each thing whether it belongs to the session looked at. */
  readonly forSupport?: boolean;
  /** Demands a factor verified a short while ago, whatever the tenant counts as sensitive; or of those alone who have one. */
  readonly stepUp?: "always" | "with_factor";
  /** Can be called by a session that has to step up before anything else. */
  readonly beforeStepUp?: boolean;
  /** Takes the refresh cookie, and then demands that one of the service's own pages sends it. */
  readonly takesRefreshCookie?: boolean;
}
