/** A JSON object as it came from outside. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: neither `null` nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that must be an object to be looked into; anything else has no members. */
export function objectAt(parent: JsonObject, name: string): JsonObject {
  const value = parent[name];
  return isObject(value) ? value : {};
}

/** A member as text: strings as they are, numbers and booleans as JSON writes them, else `undefined`. */
export function textAt(parent: JsonObject, name: string): string | undefined {
  return scalarText(parent[name]);
}

/**
 * A scalar as text. Lone surrogates are replaced, so that whatever is kept can be hashed as RFC 8785 JSON.
 */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") return value.toWellFormed();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/**
 * The elements of a list in any of the forms that CloudTrail writes one: an array, `{items: […]}`, or a lone
 * element.
 */
export function listAt(parent: JsonObject, name: string): readonly unknown[] {
  const value = parent[name];
  if (Array.isArray(value)) return value;
  if (isObject(value) && "items" in value) return listAt(value, "items");
  return value === undefined || value === null || value === "" ? [] : [value];
}

/** The objects of a list, see `listAt`. */
export function objectsAt(parent: JsonObject, name: string): readonly JsonObject[] {
  return listAt(parent, name).filter(isObject);
}

/** The scalars of a list as texts, see `listAt`. */
export function textsAt(parent: JsonObject, name: string): readonly string[] {
  return listAt(parent, name)
    .map(scalarText)
    .filter((text) => text !== undefined);
}

/** Cuts a text to at most `length` UTF-16 code units, never through a surrogate pair. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).toWellFormed();
}

/** One scalar of a document, with the name that it stands under in lower case. */
export interface Scalar {
  readonly name: string;
  readonly value: string;
}

const DEPTH_MAX = 6;
const SCALARS_MAX = 400;

/**
 * The scalars of a document in order, at most 400 from at most 6 levels. Elements of an array bear the
 * array's name, and wrappers that EC2 puts round a value (`{"tag": 1, "content": "fl-1"}`, `{"item":
 * "fl-1"}`) the name outside.
 */
export function scalarsOf(document: JsonObject): readonly Scalar[] {
  const found: Scalar[] = [];
  collect(document, "", { found, depth: 0 });
  return found;
}

function collect(
  value: unknown,
  name: string,
  into: { readonly found: Scalar[]; readonly depth: number },
): void {
  if (into.found.length >= SCALARS_MAX || into.depth > DEPTH_MAX) return;
  const text = scalarText(value);
  if (text !== undefined && text !== "") into.found.push({ name, value: text });
  for (const [member, inner] of membersOf(value, name))
    collect(inner, member, { ...into, depth: into.depth + 1 });
}

function membersOf(value: unknown, name: string): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.map((element) => [name, element] as const);
  if (!isObject(value)) return [];
  return Object.entries(value).map(([member, inner]) => {
    const isWrapper = member === "content" || member === "item";
    return [isWrapper ? name : member.toLowerCase(), inner] as const;
  });
}
