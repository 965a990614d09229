import type { Leaf, PageIntegrity, PageStatement, SealedInterval } from "./export-jsonl.ts";
import { leafHash, type Sha256, toHex } from "./merkle.ts";
import type { Seal } from "./seal.ts";

/** The first thing that is wrong with an export. */
export interface Fault {
  readonly kind: "changed" | "removed" | "added" | "moved" | "cut" | "signature" | "malformed";
  readonly message: string;
  /** The record that it is about, where one can be named. */
  readonly recordId?: string;
}

/** One record of the file, with the hash of what stands there now. */
export interface ExportLine {
  readonly id: string;
  readonly hash: string;
}

/** The statement that closes a page, and the record that bears it. */
export interface ExportPageEnd {
  readonly recordId: string;
  readonly integrity: PageIntegrity;
}

/** An export taken apart: its records in the order of the file, its pages in the order of their numbers. */
export interface ReadExport {
  readonly lines: readonly ExportLine[];
  readonly ends: readonly ExportPageEnd[];
}

/** Takes an export apart, or says which line is none of an export. */
export function readExport(sha256: Sha256, text: string): ReadExport | { readonly fault: Fault } {
  const lines: ExportLine[] = [];
  const ends: ExportPageEnd[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const entry = parsed(line);
    if (entry === undefined) return { fault: malformed(index + 1, line, "is not a record") };
    const { integrity, ...record } = entry;
    const id = record["id"];
    if (typeof id === "string") lines.push({ id, hash: hashOf(sha256, record, { line, entry }) });
    if (integrity === undefined) continue;
    if (!isIntegrity(integrity)) return { fault: malformed(index + 1, line, "has no whole statement in it") };
    ends.push({ recordId: typeof id === "string" ? id : (lines.at(-1)?.id ?? ""), integrity });
  }
  if (lines.length === 0) return { fault: { kind: "malformed", message: "There is no record in it." } };
  ends.sort((a, b) => a.integrity.statement.page - b.integrity.statement.page);
  return { lines, ends };
}

/** A line that says its members twice, or otherwise than JSON is written here, is not what was exported. */
function hashOf(
  sha256: Sha256,
  record: object,
  written: { readonly line: string; readonly entry: object },
): string {
  if (JSON.stringify(written.entry) !== written.line) return "";
  try {
    return toHex(leafHash(sha256, record));
  } catch {
    // Lone surrogates have no RFC 8785 form: such a record was never hashed, so it was never exported.
    return "";
  }
}

function malformed(lineNumber: number, line: string, what: string): Fault {
  const recordId = /"id":"([^"]{1,64})"/.exec(line)?.[1];
  const named = recordId === undefined ? "" : ` (record ${recordId})`;
  return {
    kind: "malformed",
    message: `Line ${lineNumber}${named} ${what}.`,
    ...(recordId === undefined ? {} : { recordId }),
  };
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    // What does not parse is reported with its line's number by the caller.
    return undefined;
  }
}

function isIntegrity(value: unknown): value is PageIntegrity {
  return (
    isObject(value) && isStatement(value["statement"]) && isLeaves(value["leaves"]) && isSeals(value["seals"])
  );
}

function isStatement(value: unknown): value is PageStatement {
  return (
    isObject(value) &&
    [value["kid"], value["signature"], value["rootHash"]].every((member) => typeof member === "string") &&
    [value["from"], value["to"], value["previousRecordId"], value["previousPageHash"]].every(isTextOrNull) &&
    [value["page"], value["treeSize"]].every((member) => Number.isInteger(member)) &&
    typeof value["last"] === "boolean" &&
    isList(value["sealHashes"], (hash) => typeof hash === "string")
  );
}

function isSeals(value: unknown): value is readonly SealedInterval[] {
  return isList(value, (entry) => isObject(entry) && isSeal(entry["seal"]) && isLeaves(entry["leaves"]));
}

/** Whether a value has the members of a seal. */
export function isSeal(value: unknown): value is Seal {
  return (
    isObject(value) &&
    ["id", "from", "to", "rootHash", "kid", "signature"].every((name) => typeof value[name] === "string") &&
    Number.isInteger(value["treeSize"]) &&
    isTextOrNull(value["previousSealHash"])
  );
}

function isLeaves(value: unknown): value is readonly Leaf[] {
  return isList(
    value,
    (leaf) => Array.isArray(leaf) && leaf.length === 2 && leaf.every((member) => typeof member === "string"),
  );
}

function isList(value: unknown, isElement: (element: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isElement);
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
