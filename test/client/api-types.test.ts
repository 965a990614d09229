import { readFileSync } from "node:fs";
import { clientTypes } from "../../scripts/openapi/client-types.ts";

test("the client's types are those of the document: npm run client-types", () => {
  const document = JSON.parse(readFileSync("openapi.json", "utf8"));
  expect(readFileSync("client/api.ts", "utf8") === clientTypes(document)).toBe(true);
});

test("a type says what its schema says", () => {
  const types = clientTypes({
    components: { schemas: { Thing: { type: ["string", "null"], enum: ["a", null] } } },
    paths: {
      "/v1/things/{id}": {
        put: {
          summary: "Change a thing",
          parameters: [
            { name: "id", in: "path", required: true, schema: { type: "string" } },
            { name: "dry", in: "query", schema: { type: "boolean" } },
          ],
          requestBody: {
            required: true,
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  properties: { n: { type: "integer" }, of: { $ref: "#/components/schemas/Thing" } },
                  required: ["n"],
                },
              },
            },
          },
          responses: { 204: {}, 400: {} },
        },
      },
    },
  });
  expect(types).toContain('readonly "Thing": "a" | null;');
  expect(types).toContain('readonly path: { readonly "id": string };');
  expect(types).toContain('readonly query: { readonly "dry"?: boolean };');
  expect(types).toContain('readonly body: { readonly "n": number; readonly "of"?: Schemas["Thing"] };');
  expect(types).toContain("readonly answer: undefined;");
});
