/**
 * The places of those that come again under an id with another content than the first. An exact repetition is no
 * conflict: it counts once.
 */
export function findConflicts<Item extends object>(
  items: readonly Item[],
  idOf: (item: Item) => string,
): readonly number[] {
  const first = new Map<string, string>();
  return items.flatMap((item, place) => {
    const id = idOf(item);
    const content = contentOf(item);
    const known = first.get(id);
    if (known === undefined) first.set(id, content);
    return known === undefined || known === content ? [] : [place];
  });
}

function contentOf(item: object): string {
  const fields = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(fields, (_key, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
}
