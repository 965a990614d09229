/** Works items off, at most `limit` of them at a time, and gives the results in the order of the items. */
export async function sideBySide<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let count = 0;
  const worker = async () => {
    for (;;) {
      const place = count;
      count += 1;
      const { done, value } = await iterator.next();
      if (done === true) return;
      results[place] = await work(value);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
