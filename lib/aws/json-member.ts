/** Reads a member of a value that came from JSON and was not parsed yet; `undefined` where there is none. */
export function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
