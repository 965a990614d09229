import { inflateSync } from "node:zlib";

/** WOFF File Format 1.0 (W3C): a header of 44 bytes, then an entry of 20 for each table. */
const WOFF_HEADER_BYTES = 44;
const WOFF_ENTRY_BYTES = 20;
/** OpenType 1.9, "Organization of an OpenType font": the same of a font that is not packed. */
const SFNT_HEADER_BYTES = 12;
const SFNT_ENTRY_BYTES = 16;

/**
 * Unpacks a font. What reads fonts unpacks a table whenever it looks at it, and so at every letter: that took ten times
 * as long as all the rest of a document.
 */
export function unpackWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const head = Buffer.alloc(SFNT_HEADER_BYTES + SFNT_ENTRY_BYTES * count);
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(count, 4);
  const parts: Buffer[] = [head];
  let offset = head.length;
  for (let place = 0; place < count; place++) {
    const entry = woff.subarray(WOFF_HEADER_BYTES + WOFF_ENTRY_BYTES * place);
    const table = unpackTable(woff, entry);
    const target = SFNT_HEADER_BYTES + SFNT_ENTRY_BYTES * place;
    entry.copy(head, target, 0, 4);
    entry.copy(head, target + 4, 16, 20);
    head.writeUInt32BE(offset, target + 8);
    head.writeUInt32BE(table.length, target + 12);
    const padding = Buffer.alloc(-table.length & 3);
    parts.push(table, padding);
    offset += table.length + padding.length;
  }
  return Buffer.concat(parts);
}

/** A table that packing would not make smaller is as long as it was, and is not packed. */
function unpackTable(woff: Buffer, entry: Buffer): Buffer {
  const [offset, packed, unpacked] = [4, 8, 12].map((place) => entry.readUInt32BE(place));
  const bytes = woff.subarray(offset, (offset ?? 0) + (packed ?? 0));
  return packed === unpacked ? bytes : inflateSync(bytes);
}
