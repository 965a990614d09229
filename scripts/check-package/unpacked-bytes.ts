/** Sums the sizes in a zip's central directory (APPNOTE 4.3.12): those of the files once unpacked. */
export function unpackedBytes(zip: Buffer): number {
  const end = zip.lastIndexOf("PK\u0005\u0006");
  let entry = zip.readUInt32LE(end + 16);
  let bytes = 0;
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    bytes += zip.readUInt32LE(entry + 24);
    const nameAndExtras = [28, 30, 32].map((offset) => zip.readUInt16LE(entry + offset));
    entry += nameAndExtras.reduce((sum, length) => sum + length, 46);
  }
  return bytes;
}
