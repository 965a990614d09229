import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "./item.ts";

/** JSON, deflated: what is written in kilobytes is paid for by the kilobyte. */
export function toPacked(value: unknown): AttributeValue {
  return { B: deflateRawSync(JSON.stringify(value)) };
}

/** Reads what `toPacked` wrote; what is in it was checked before it was written. @throws Error for any other row */
export function unpacked<T>(item: Item, name: string): T {
  const bytes = item[name]?.B;
  if (bytes === undefined) throw new Error(`A row lacks the packed ${name}.`);
  return JSON.parse(inflateRawSync(bytes).toString("utf8")) as T;
}
