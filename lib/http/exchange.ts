import type * as z from "zod";
import type { ResourceRef } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import type { Caller } from "../session/caller.ts";
import type { Enrolling } from "../session/enrolling.ts";
import type { EpochMs } from "../time.ts";
import type { EndpointSpec } from "./endpoint-spec.ts";
import type { NewId } from "./http-deps.ts";
import type { Reply } from "./reply.ts";
import type { HttpRequest } from "./request.ts";

type Parsed<S, Otherwise> = S extends z.ZodType ? z.output<S> : Otherwise;
type Member<S, Name extends string> = S extends { readonly [K in Name]: infer T } ? T : undefined;

/** The caller's type: there is none on a public endpoint, and one without a session where a challenge is taken too. */
type CallerOf<S extends EndpointSpec> = S["permission"] extends "public"
  ? undefined
  : S extends { readonly acceptsChallenge: true }
    ? Caller | Enrolling
    : Caller;

/** What a handler asks before it acts on a thing that only it knows. */
export interface AuthoriseRequest {
  /** Default: the spec's action. */
  readonly action?: string;
  readonly resource: ResourceRef | "*";
  /** The user who made the thing, for `owner:true`. */
  readonly ownerId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The thing is the caller's own, to which no role is needed. */
  readonly own?: boolean;
  /** The sessions that the thing belongs to, where it is none itself: a support session sees what its one has. */
  readonly sessionIds?: readonly string[];
}

/** One request on its way through a handler: parsed, authenticated, and with the means to answer it. */
export interface Exchange<S extends EndpointSpec = EndpointSpec> {
  readonly path: Parsed<Member<S, "path">, Record<string, never>>;
  readonly query: Parsed<Member<S, "query">, Record<string, never>>;
  readonly body: Parsed<Member<S, "body">, undefined>;
  readonly caller: CallerOf<S>;
  readonly request: HttpRequest;
  readonly trail: Trail;
  readonly newId: NewId;
  readonly nowMs: EpochMs;
  /**
   * Decides whether the caller may do this, and whether a factor has to be verified first.
   * @throws AppError `access.denied`, `auth.step_up_required`, `mfa.enrollment_required`
   */
  authorise(request: AuthoriseRequest): void;
  /** Whether the caller's roles allow it, without refusing and without step-up. */
  mayI(request: AuthoriseRequest): boolean;
  /** The version that `If-Match` names; `undefined` without the header. @throws AppError `precondition.failed` for what can never match */
  expectedVersion(): number | undefined;
  /** Where the list goes on, from `?cursor=`. @throws AppError `cursor.invalid` */
  position(): Promise<string | undefined>;
  /** Answers one page of a list; `next` is the position of the page after, if there is one. */
  page(items: readonly unknown[], next: string | undefined): Promise<Reply>;
  /** The `cursor` of a position, for what is read in pages and is not a list in JSON. */
  cursorAt(position: string): Promise<string>;
}
