import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** A row as DynamoDB gives it. Reading attributes directly costs a tenth of unmarshalling the whole. */
export type Item = Record<string, AttributeValue>;

/** Reads a text attribute. @throws Error for a row that is not of its form: that is a defect, or somebody else's row */
export function text(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new Error(`A row lacks the text ${name}.`);
  return value;
}

/** Reads a text attribute that may be absent. */
export function optionalText(item: Item, name: string): string | undefined {
  return item[name]?.S;
}

/** Reads a number attribute. @throws Error for a row that is not of its form */
export function number(item: Item, name: string): number {
  const value = item[name]?.N;
  if (value === undefined) throw new Error(`A row lacks the number ${name}.`);
  return Number(value);
}

/** Reads a number attribute that may be absent. */
export function optionalNumber(item: Item, name: string): number | undefined {
  const value = item[name]?.N;
  return value === undefined ? undefined : Number(value);
}

/** Reads a document kept as JSON text. What is in it was checked before it was written. */
export function document<T>(item: Item, name: string): T {
  return JSON.parse(text(item, name)) as T;
}

/** Reads a document kept as JSON text that may be absent. */
export function optionalDocument<T>(item: Item, name: string): T | undefined {
  const value = item[name]?.S;
  return value === undefined ? undefined : (JSON.parse(value) as T);
}

/** Writes a row: texts as S, numbers as N, `undefined` left out, everything else as JSON text. */
export function toItem(row: Readonly<Record<string, unknown>>): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(row)) {
    if (value === undefined) continue;
    item[name] = toAttribute(value);
  }
  return item;
}

/** Writes one value the way `toItem` does. */
export function toAttribute(value: unknown): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  return { S: JSON.stringify(value) };
}

/** Spreads a member only where it has a value, for members that may be absent but not `undefined`. */
export function present<Name extends string, T>(name: Name, value: T | undefined): { [K in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [K in Name]?: T };
}
