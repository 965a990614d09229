/** As much of a JSON Schema as the document uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface Parameter {
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content>>;
}

/** As much of an OpenAPI document as types are made of. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The types of every operation by its method and path, and of every schema by its name, as a TypeScript module. */
export function clientTypes({ paths, components }: ApiDocument): string {
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `  readonly ${JSON.stringify(name)}: ${typeOf(schema)};`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      return operation === undefined ? [] : [operationOf(`${method.toUpperCase()} ${path}`, operation)];
    }),
  );
  return `// Made from openapi.json by \`npm run client-types\`.

/** The documents of the API by their names. */
export interface Schemas {
${schemas.join("\n")}
}

/** What each operation takes and answers, by its method and path. */
export interface Operations {
${operations.join("\n")}
}
`;
}

function operationOf(name: string, operation: Operation): string {
  const { summary = "", parameters = [], requestBody, responses } = operation;
  const parametersIn = (place: string) => parameters.filter((parameter) => parameter.in === place);
  return `  /** ${summary}. */
  readonly ${JSON.stringify(name)}: {
    readonly path: ${parametersType(parametersIn("path"))};
    readonly query: ${parametersType(parametersIn("query"))};
    readonly body: ${requestBody === undefined ? "undefined" : bodyType(requestBody)};
    readonly answer: ${answerType(responses)};
  };`;
}

function parametersType(parameters: readonly Parameter[]): string {
  const members = parameters.map(({ name = "", required, schema = {} }) => {
    return `readonly ${JSON.stringify(name)}${required === true ? "" : "?"}: ${typeOf(schema)}`;
  });
  return members.length === 0 ? "Record<never, never>" : `{ ${members.join("; ")} }`;
}

function bodyType({ content = {}, required }: Content & { readonly required?: boolean }): string {
  const types = Object.values(content).map(({ schema = {} }) => typeOf(schema));
  return unionOf([...types, ...(required === true ? [] : ["undefined"])]);
}

/** What comes of success; what is no JSON comes as text, or as bytes where the document does not say that it is text. */
function answerType(responses: Operation["responses"]): string {
  const types = Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .flatMap(([, { content = {} }]) => {
      const entries = Object.entries(content);
      if (entries.length === 0) return ["undefined"];
      return entries.map(([type, { schema = {} }]) => {
        if (type.includes("json")) return typeOf(schema);
        return schema.type === undefined ? "Blob" : "string";
      });
    });
  return types.length === 0 ? "unknown" : unionOf(types);
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return `Schemas[${JSON.stringify(schema.$ref.split("/").at(-1))}]`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return unionOf(schema.enum.map((value) => JSON.stringify(value)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return unionOf(choices.map(typeOf));
  if (schema.allOf !== undefined) return schema.allOf.map((part) => `(${typeOf(part)})`).join(" & ");
  const types = [schema.type ?? (schema.properties === undefined ? "unknown" : "object")].flat();
  return unionOf(types.map((type) => plainType(type, schema)));
}

function plainType(type: string, schema: Schema): string {
  switch (type) {
    case "integer":
      return "number";
    case "string":
    case "number":
    case "boolean":
    case "null":
      return type;
    case "array":
      return `ReadonlyArray<${schema.items === undefined ? "unknown" : typeOf(schema.items)}>`;
    case "object":
      return objectType(schema);
    default:
      return "unknown";
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(([name, schema]) => {
    return `readonly ${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${typeOf(schema)}`;
  });
  const more = typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown";
  if (members.length === 0) return `Readonly<Record<string, ${more}>>`;
  return `{ ${members.join("; ")} }`;
}

function unionOf(types: readonly string[]): string {
  const each = [...new Set(types)];
  return each.includes("unknown") ? "unknown" : each.join(" | ");
}
