import { openApiDocument } from "../../../lib/http/openapi.ts";
import { findOperations } from "../../../scripts/openapi/find-operations.ts";
import { type Case, casesOf } from "./cases.ts";
import type { World } from "./world.ts";

/** An operation of the OpenAPI document, as far as ids can be put into it. */
export interface Operation {
  /** `METHOD /path`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly pathParameters: readonly string[];
  /** Members of its query and its body that look as if they named a thing. */
  readonly idMembers: readonly string[];
  readonly needsBody: boolean;
}

type Json = { readonly [member: string]: unknown };

const ID_LIKE = /^(id|ids|subject|resource)$|[a-z]Ids?$/;

/** Every operation of the document. */
export async function operations(): Promise<readonly Operation[]> {
  const document = openApiDocument(await findOperations(), "");
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters, requestBody }]) => {
      const named = parameters.filter(({ name }) => typeof name === "string");
      const namesIn = (where: string) =>
        named.filter((one) => one["in"] === where).map(({ name }) => String(name));
      const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
      const members = [...namesIn("query"), ...membersOf(schema, document.components as Json)];
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        pathParameters: namesIn("path"),
        idMembers: [...new Set(members.filter((member) => ID_LIKE.test(member)))],
        needsBody: requestBody?.required === true,
      };
    }),
  );
}

/** One place of a request that an id goes into. */
export interface Place {
  readonly operation: Operation;
  readonly request: Case;
  readonly place: keyof World;
}

/** The places of an operation: its path's, and those that its requests read. */
export function placesOf(operation: Operation, world: World): readonly Place[] {
  return casesOf(operation.name).flatMap((request) => {
    const read = new Set<string>(operation.pathParameters);
    const watched = new Proxy(world, {
      get: (ids, place) => {
        read.add(String(place));
        return Reflect.get(ids, place);
      },
    });
    request.query?.(watched);
    request.body?.(watched);
    const places = [...read].filter((place): place is keyof World => place in world && !NO_IDS.has(place));
    return places.map((place) => ({ operation, request, place }));
  });
}

/** What a request needs and is no id of a thing. */
const NO_IDS: ReadonlySet<string> = new Set(["key", "meter", "challengeToken"]);

/** The names of all members of a schema, however deep. */
function membersOf(
  schema: unknown,
  components: Json,
  seen: ReadonlySet<unknown> = new Set(),
): readonly string[] {
  if (typeof schema !== "object" || schema === null || seen.has(schema)) return [];
  const inside = new Set([...seen, schema]);
  if ("$ref" in schema) {
    const [, , kind = "", name = ""] = String(schema.$ref).split("/");
    return membersOf((components[kind] as Json)[name], components, inside);
  }
  const properties = "properties" in schema ? Object.keys(schema.properties as Json) : [];
  return [...properties, ...Object.values(schema).flatMap((part) => membersOf(part, components, inside))];
}
