import { type Html, html } from "./html.ts";
import type { JsonObject } from "./openapi-components.ts";

/** Writes a JSON Schema for people: its type and limits in words, its members as a list. */
export function schemaTree(schema: JsonObject): Html {
  return html`<span class="form">${summary(schema)}</span>${note(schema)}${members(schema)}`;
}

function summary(schema: JsonObject): Html {
  const name = referenceName(schema);
  if (name !== undefined) return html`<a href="#schema-${name}">${name}</a>`;
  const limits = limitsOf(schema).join(", ");
  return html`${typeOf(schema)}${limits === "" ? undefined : html` <span class="limit">${limits}</span>`}`;
}

function note({ description }: JsonObject): Html | undefined {
  return typeof description === "string" ? html` <span class="note">${description}</span>` : undefined;
}

/** What is inside: an object's members, an array's items, the forms that a value can have. */
function members(schema: JsonObject): Html | undefined {
  const properties = objectsIn(schema["properties"]);
  if (properties.length > 0) {
    const required = stringsIn(schema["required"]);
    return html`<ul class="members">${properties.map(
      ([name, member]) =>
        html`<li><code>${name}</code>${required.includes(name) ? undefined : html`<span class="optional">?</span>`} ${schemaTree(member)}</li>`,
    )}</ul>`;
  }
  const forms = formsOf(schema);
  if (forms.length > 0) {
    return html`<ul class="forms">${forms.map((form) => html`<li>${schemaTree(form)}</li>`)}</ul>`;
  }
  const [inner] = [schema["items"], schema["additionalProperties"]].filter(isObject);
  return inner === undefined ? undefined : members(inner);
}

function typeOf(schema: JsonObject): string | Html {
  if (schema["const"] !== undefined) return html`<code>${JSON.stringify(schema["const"])}</code>`;
  const choices = schema["enum"];
  if (Array.isArray(choices)) {
    return html`${choices.map((choice, index) => html`${index === 0 ? "" : " | "}<code>${JSON.stringify(choice)}</code>`)}`;
  }
  if (formsOf(schema).length > 0) return "one of";
  const { type, items, additionalProperties } = schema;
  if (type === "array" && isObject(items)) return html`array of ${summary(items)}`;
  if (type === "object" && isObject(additionalProperties))
    return html`object of ${summary(additionalProperties)}`;
  if (Array.isArray(type)) return type.join(" | ");
  return typeof type === "string" ? type : "anything";
}

function limitsOf(schema: JsonObject): readonly string[] {
  const { format, examples, default: otherwise } = schema;
  return [
    ...(format === undefined ? [] : [String(format)]),
    range(schema, ["minimum", "maximum"], ""),
    range(schema, ["minLength", "maxLength"], " characters"),
    range(schema, ["minItems", "maxItems"], " items"),
    ...[schema, ...allOf(schema)].filter(hasPattern).map(({ pattern }) => `matching ${pattern}`),
    ...(otherwise === undefined ? [] : [`otherwise ${JSON.stringify(otherwise)}`]),
    ...(Array.isArray(examples) ? [`such as ${JSON.stringify(examples[0])}`] : []),
  ].filter((limit) => limit !== "");
}

function range(schema: JsonObject, [least, most]: readonly [string, string], unit: string): string {
  // What every whole number in JSON is within says nothing.
  const [min, max] = [schema[least], schema[most]].map((bound) =>
    Math.abs(Number(bound)) === Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  if (min !== undefined && max !== undefined)
    return min === max ? `${min}${unit}` : `${min} to ${max}${unit}`;
  if (min !== undefined) return `at least ${min}${unit}`;
  return max === undefined ? "" : `at most ${max}${unit}`;
}

function referenceName(schema: JsonObject): string | undefined {
  const reference = schema["$ref"];
  return typeof reference === "string" ? reference.split("/").at(-1) : undefined;
}

function formsOf(schema: JsonObject): readonly JsonObject[] {
  const parts = allOf(schema).filter((part) => !hasPattern(part));
  return [schema["oneOf"], schema["anyOf"], parts].flat().filter(isObject);
}

/** Text that has to match several expressions has one in each part. */
function allOf(schema: JsonObject): readonly JsonObject[] {
  return [schema["allOf"]].flat().filter(isObject);
}

function hasPattern(schema: JsonObject): boolean {
  return schema["pattern"] !== undefined;
}

function objectsIn(value: unknown): readonly (readonly [string, JsonObject])[] {
  return isObject(value)
    ? Object.entries(value).flatMap(([name, member]) => (isObject(member) ? [[name, member] as const] : []))
    : [];
}

function stringsIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
