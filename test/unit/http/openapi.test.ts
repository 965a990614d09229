import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as z from "zod";
import type { EndpointSpec } from "../../../lib/http/endpoint-spec.ts";
import { openApiDocument } from "../../../lib/http/openapi.ts";
import { PageQuery, pageOf } from "../../../lib/http/parse.ts";

const Thing = z.object({ id: z.string(), madeAt: z.iso.datetime() }).meta({ id: "Thing" });

const list = {
  method: "GET",
  route: "/v1/things",
  summary: "List things",
  tag: "Things",
  permission: "thing:list",
  query: z.object({ ...PageQuery, name: z.string().optional() }),
  response: pageOf(Thing),
  successStatus: 200,
} as const satisfies EndpointSpec;

const replace = {
  method: "PUT",
  route: "/v1/things/{thingId}/parts/{part+}",
  summary: "Replace a part",
  tag: "Things",
  permission: { decidedBy: "handler", action: "thing:update" },
  path: z.object({ thingId: z.string(), part: z.string() }),
  body: z.strictObject({ size: z.string().transform(Number), name: z.string().default("x") }),
  response: Thing,
  etag: true,
  errors: ["rate.limited"],
  successStatus: 200,
} as const satisfies EndpointSpec;

const page = {
  method: "GET",
  route: "/page",
  summary: "A page",
  tag: "Reference",
  permission: "public",
  response: z.string(),
  produces: ["text/html"],
  successStatus: 200,
} as const satisfies EndpointSpec;

const document = openApiDocument(
  [
    { id: "page", spec: page },
    { id: "thingsReplace", spec: replace },
    { id: "thingsList", spec: list },
  ],
  "1.2.3",
);
const listed = document.paths["/v1/things"]?.["get"];
const replaced = document.paths["/v1/things/{thingId}/parts/{part}"]?.["put"];

test("a list says what it takes and what it gives", () => {
  expect(listed?.parameters).toEqual([
    {
      name: "limit",
      in: "query",
      description: "50 unless it is given.",
      schema: { type: "integer", minimum: 1, maximum: 200 },
    },
    {
      name: "cursor",
      in: "query",
      description: "`nextCursor` of the page before.",
      schema: { type: "string" },
    },
    { name: "name", in: "query", schema: { type: "string" } },
    { $ref: "#/components/parameters/TaskId" },
    { $ref: "#/components/parameters/TraceParent" },
  ]);
  expect(listed?.responses["200"]).toMatchObject({
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: {
            items: { type: "array", items: { $ref: "#/components/schemas/Thing" } },
            nextCursor: { type: ["string", "null"] },
          },
          required: ["items", "nextCursor"],
        },
      },
    },
  });
});

test("a schema with an id is told once, and a client may meet members that it does not know", () => {
  expect(document.components["schemas"]?.["Thing"]).toEqual({
    type: "object",
    properties: { id: { type: "string" }, madeAt: { type: "string", format: "date-time" } },
    required: ["id", "madeAt"],
  });
});

test("a write says what its body is before it is parsed, and refuses members that it does not know", () => {
  expect(replaced?.requestBody).toEqual({
    required: true,
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: { size: { type: "string" }, name: { type: "string", default: "x" } },
          required: ["size"],
          additionalProperties: false,
        },
      },
    },
  });
});

test("a versioned write takes If-Match and an idempotency key, and answers an ETag", () => {
  expect(replaced?.parameters).toEqual([
    { name: "thingId", in: "path", required: true, schema: { type: "string" } },
    { name: "part", in: "path", required: true, schema: { type: "string" } },
    { $ref: "#/components/parameters/IdempotencyKey" },
    { $ref: "#/components/parameters/IfMatch" },
    { $ref: "#/components/parameters/TaskId" },
    { $ref: "#/components/parameters/TraceParent" },
  ]);
  expect(replaced?.responses["200"]).toMatchObject({
    headers: { "X-Request-Id": expect.anything(), ETag: expect.anything() },
  });
});

test("the refusals are those of the endpoint's kind and its own", () => {
  expect(Object.keys(replaced?.responses ?? {})).toEqual([
    "200",
    "400",
    "401",
    "403",
    "404",
    "409",
    "412",
    "413",
    "415",
    "422",
    "429",
    "500",
    "503",
    "default",
  ]);
  expect(Object.keys(document.paths["/page"]?.["get"]?.responses ?? {})).toEqual([
    "200",
    "500",
    "503",
    "default",
  ]);
});

test("who may call is told", () => {
  expect(listed).toMatchObject({
    security: [{ bearer: [] }],
    description: "Needs `thing:list`.",
    "x-permission": "thing:list",
  });
  expect(replaced?.description).toBe("Needs `thing:update`, decided on the thing itself.");
  expect(document.paths["/page"]?.["get"]?.security).toEqual([]);
});

test("what is no JSON is text of its media type", () => {
  expect(document.paths["/page"]?.["get"]?.responses["200"]).toMatchObject({
    content: { "text/html": { schema: { type: "string" } } },
  });
});

test("the order of the endpoints changes nothing", () => {
  const again = openApiDocument(
    [
      { id: "thingsList", spec: list },
      { id: "page", spec: page },
      { id: "thingsReplace", spec: replace },
    ],
    "1.2.3",
  );
  expect(JSON.stringify(again)).toBe(JSON.stringify(document));
});

describe("the committed document", () => {
  const text = readFileSync(new URL("../../../openapi.json", import.meta.url), "utf8");
  const committed = JSON.parse(text);

  test("has no reference that leads nowhere", () => {
    const references = new Set(
      Array.from(text.matchAll(/"\$ref": "([^"]+)"/g), ([, reference = ""]) => reference),
    );
    const missing = [...references].filter((reference) => {
      const [, , kind = "", name = ""] = reference.split("/");
      return committed.components[kind]?.[name] === undefined;
    });
    expect(missing).toEqual([]);
  });

  test("names each operation once", () => {
    const ids = Array.from(text.matchAll(/"operationId": "([^"]+)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(10);
  });

  test("has parameters for exactly the names in each path", () => {
    const wrong = Object.entries<Record<string, { parameters: { name?: string; in?: string }[] }>>(
      committed.paths,
    ).flatMap(([path, methods]) => {
      const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
      return Object.entries(methods)
        .filter(
          ([, { parameters }]) =>
            JSON.stringify(parameters.filter((one) => one.in === "path").map(({ name }) => name)) !==
            JSON.stringify(names),
        )
        .map(([method]) => `${method} ${path}`);
    });
    expect(wrong).toEqual([]);
  });

  test("holds nothing but JSON Schema that compiles", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(committed, "openapi");
    for (const name of Object.keys(committed.components.schemas)) {
      expect(() => ajv.compile({ $ref: `openapi#/components/schemas/${name}` })).not.toThrow();
    }
  });
});
