import { hash } from "node:crypto";

/** SHA-256 of some bytes. By way of a text of one byte each, it takes a third of the time of a buffer from `hash`. */
export function sha256Bytes(bytes: Uint8Array): Uint8Array {
  return Buffer.from(hash("sha256", bytes, "binary"), "binary");
}
