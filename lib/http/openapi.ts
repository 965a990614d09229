import * as z from "zod";
import { guideMarkdown } from "./api-guide.ts";
import type { EndpointSpec, Schema } from "./endpoint-spec.ts";
import {
  HEADERS,
  headerRefs,
  type JsonObject,
  OAUTH_ERROR_SCHEMA,
  OAUTH_FAILURES,
  PARAMETERS,
  PROBLEM_SCHEMA,
  problemResponses,
  SECURITY_SCHEMES,
} from "./openapi-components.ts";
import { statusOf } from "./problem.ts";

/** An endpoint's spec with the id of its operation. */
export interface Operation {
  readonly id: string;
  readonly spec: EndpointSpec;
}

/** One operation of the document. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly JsonObject[];
  readonly parameters: readonly JsonObject[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: { readonly [status: string]: JsonObject };
  /** The action that the caller's roles must allow. */
  readonly "x-permission"?: string;
}

/** The document (OpenAPI 3.1), as far as the product itself reads it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: { readonly [path: string]: { readonly [method: string]: OpenApiOperation } };
  readonly components: { readonly [kind: string]: { readonly [name: string]: JsonObject } };
}

type Content = { readonly [mediaType: string]: { readonly schema: JsonObject } };
type Components = Record<string, JsonObject>;

/** Makes the document from the specs: what is not in a spec is not in the document. Its order is that of the paths. */
export function openApiDocument(operations: readonly Operation[], version: string): OpenApiDocument {
  const schemas: Components = {};
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  const sorted = [...operations].sort((a, b) => compare(pathOf(a.spec), pathOf(b.spec)));
  for (const { id, spec } of sorted) {
    paths[pathOf(spec)] = {
      ...paths[pathOf(spec)],
      [spec.method.toLowerCase()]: operationOf(id, spec, schemas),
    };
  }
  const tags = [...new Set(sorted.map(({ spec }) => spec.tag))].sort(byPlace);
  return {
    openapi: "3.1.1",
    info: {
      title: "Active Session",
      version,
      description: guideMarkdown(),
      license: { name: "Apache License 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: {
        OAuthError: OAUTH_ERROR_SCHEMA,
        Problem: PROBLEM_SCHEMA,
        ...Object.fromEntries(Object.entries(schemas).sort(byName)),
      },
      parameters: PARAMETERS,
      headers: HEADERS,
      responses: problemResponses(),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

/** The gateway writes a parameter of several segments as `{name+}`, which OpenAPI does not know. */
function pathOf(spec: Pick<EndpointSpec, "route">): string {
  return spec.route.replaceAll("+}", "}");
}

function operationOf(id: string, spec: EndpointSpec, schemas: Components): OpenApiOperation {
  const permission = permissionOf(spec);
  const description = [
    spec.description,
    permission === undefined ? undefined : `Needs \`${permission}\`${scopeOf(spec)}.`,
  ].filter((text) => text !== undefined);
  return {
    operationId: id,
    summary: spec.summary,
    ...(description.length === 0 ? {} : { description: description.join("\n\n") }),
    tags: [spec.tag],
    security: securityOf(spec),
    parameters: [
      ...parametersOf("path", spec.path, schemas),
      ...parametersOf("query", spec.query, schemas),
      ...headerParameters(spec).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(spec.body === undefined ? {} : { requestBody: requestBodyOf(spec, spec.body, schemas) }),
    responses: { [spec.successStatus]: successOf(spec, schemas), ...failuresOf(spec) },
    ...(permission === undefined ? {} : { "x-permission": permission }),
  };
}

function permissionOf({ permission }: EndpointSpec): string | undefined {
  if (permission === "public" || permission === "authenticated") return undefined;
  if (typeof permission === "string") return permission;
  return "operator" in permission ? permission.operator : permission.action;
}

function scopeOf({ permission }: EndpointSpec): string {
  if (typeof permission === "string") return "";
  return "operator" in permission ? " in the platform's own tenant" : ", decided on the thing itself";
}

function securityOf(spec: EndpointSpec): readonly JsonObject[] {
  if (spec.errorsAs === "oauth") return [{ client: [] }, {}];
  if (spec.permission === "public") return [];
  return [
    { bearer: [] },
    ...(spec.acceptsChallenge === true ? [{ challenge: [] }] : []),
    ...(spec.takesRefreshCookie === true ? [{ refreshCookie: [] }] : []),
  ];
}

function parametersOf(
  where: "path" | "query",
  schema: z.ZodObject | undefined,
  schemas: Components,
): readonly JsonObject[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(schema, "input", schemas) as {
    properties?: Record<string, JsonObject>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    ...(where === "path" || required.includes(name) ? { required: true } : {}),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function headerParameters(spec: EndpointSpec): readonly string[] {
  const isWrite = spec.method !== "GET";
  return [
    ...(isWrite && spec.permission !== "public" ? ["IdempotencyKey"] : []),
    ...(isWrite && spec.etag === true ? ["IfMatch"] : []),
    ...(spec.permission === "public" ? [] : ["TaskId", "TraceParent"]),
  ];
}

function requestBodyOf(spec: EndpointSpec, body: Schema, schemas: Components) {
  const { type, ...free } = jsonSchemaOf(body, "input", schemas);
  // A body that is handed over as text has a form of its own, which its media type and its description tell.
  const schema = spec.bodyAs === "raw" ? free : { type, ...free };
  const mediaTypes = spec.mediaTypes ?? ["application/json"];
  return {
    required: spec.bodyOptional !== true,
    content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema }])),
  };
}

function successOf(spec: EndpointSpec, schemas: Components): JsonObject {
  const headers = ["RequestId", ...(spec.etag === true && spec.successStatus !== 204 ? ["ETag"] : [])];
  const schema = spec.successStatus === 204 ? undefined : jsonSchemaOf(spec.response, "output", schemas);
  return {
    description: SUCCESS[spec.successStatus],
    headers: headerRefs(headers),
    ...(schema === undefined
      ? {}
      : {
          content: Object.fromEntries(
            (spec.produces ?? ["application/json"]).map((type) => [
              type,
              { schema: isJson(type) ? schema : plainSchemaOf(type) },
            ]),
          ),
        }),
  };
}

/** Bytes are of no type (OpenAPI 3.1.1, section 4.14.1.3). */
function plainSchemaOf(mediaType: string): JsonObject {
  return mediaType === "application/pdf" ? {} : { type: "string" };
}

function isJson(mediaType: string): boolean {
  return mediaType === "application/json" || mediaType.endsWith("+json");
}

/** The statuses that the factory itself can answer for such an endpoint, and those that the spec adds. */
function failuresOf(spec: EndpointSpec): { readonly [status: string]: JsonObject } {
  if (spec.errorsAs === "oauth") return OAUTH_FAILURES;
  const hasCaller = spec.permission !== "public";
  const isWrite = spec.method !== "GET";
  const statuses = new Set([
    ...(hasCaller || spec.path || spec.query || spec.body ? [400] : []),
    ...(hasCaller ? [401, 403] : []),
    ...(spec.path === undefined ? [] : [404]),
    ...(hasCaller && isWrite ? [409, 422] : []),
    ...(isWrite && spec.etag === true ? [412] : []),
    ...(spec.body === undefined ? [] : [413, 415]),
    ...(spec.errors ?? []).map(statusOf),
    500,
    503,
  ]);
  const refs = [...statuses].sort((a, b) => a - b).map((status) => [String(status), problemRef(status)]);
  return { ...Object.fromEntries(refs), default: { $ref: "#/components/responses/Problem" } };
}

function problemRef(status: number): JsonObject {
  return { $ref: `#/components/responses/Problem${status}` };
}

/** Writes a schema as JSON Schema 2020-12; what it shares by id goes to the components. */
function jsonSchemaOf(schema: Schema, io: "input" | "output", schemas: Components): JsonObject {
  const { $schema, $defs, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      // Answers may gain members, and a client that validates them must not fail then.
      if (io === "output" && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
      // A format says shorter what its expression checks.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  }) as JsonObject & { readonly $defs?: Record<string, JsonObject> };
  const suffix = io === "input" ? "Input" : "";
  const moved = (part: JsonObject): JsonObject =>
    JSON.parse(
      JSON.stringify(part).replace(/"#\/\$defs\/([^"]+)"/g, `"#/components/schemas/$1${suffix}"`),
    ) as JsonObject;
  for (const [name, definition] of Object.entries($defs ?? {})) {
    const { id: _id, ...component } = moved(definition);
    schemas[`${name}${suffix}`] = component;
  }
  return moved(rest);
}

/** What everybody needs comes first, what few need last, and the rest between them by name. */
const PLACES: Readonly<Record<string, number>> = {
  "Signing in": -2,
  Sessions: -1,
  Standards: 1,
  Reference: 2,
};

function byPlace(a: string, b: string): number {
  return (PLACES[a] ?? 0) - (PLACES[b] ?? 0) || compare(a, b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compare(a, b);
}

const SUCCESS = { 200: "Done.", 201: "Made.", 202: "Accepted.", 204: "Done; there is nothing to say." };
