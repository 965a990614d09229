import type { Change } from "./activity.ts";

/**
 * Lists what differs between two documents, member by member, as JSON pointers below `base`.
 * Objects are gone into; arrays and scalars are compared and shown whole.
 */
export function changesBetween(before: unknown, after: unknown, base = ""): readonly Change[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      changesBetween(before[name], after[name], `${base}/${escapePointer(name)}`),
    );
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [
    {
      path: base,
      ...(before === undefined ? {} : { from: before }),
      ...(after === undefined ? {} : { to: after }),
    },
  ];
}

/** Writes a member's name as one step of a JSON pointer (RFC 6901). */
export function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
