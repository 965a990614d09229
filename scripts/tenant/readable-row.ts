import { inflateRawSync } from "node:zlib";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "../../lib/aws/item.ts";

/** Rows that hold nothing but what somebody signs in with, or an answer sealed for its caller. */
const SECRET_ROWS = [/^password$/, /^recovery$/, /^invitation$/, /^challenge#/];
const SEALED_ANSWERS = /#idempotency$/;

/** Members that are secret wherever they stand: hashes, sealed secrets, codes under way. */
const SECRET_MEMBERS = /^(hash|secretHash|sealedSecret|previousSecret|pending_.*|token|lateToken)$/;

/** A row such that a person or a program can read it, without what anybody signs in with; `undefined` for a row of that alone. */
export function readableRow(row: Item): Readonly<Record<string, unknown>> | undefined {
  const [pk, sk] = [row["pk"]?.S ?? "", row["sk"]?.S ?? ""];
  if (SEALED_ANSWERS.test(pk) || SECRET_ROWS.some((form) => form.test(sk))) return undefined;
  const members = Object.entries(row)
    .filter(([name]) => !SECRET_MEMBERS.test(name))
    .map(([name, value]) => [name, withoutSecrets(readable(value))]);
  return Object.fromEntries(members);
}

function readable(value: AttributeValue): unknown {
  if (value.S !== undefined) return parsed(value.S);
  if (value.N !== undefined) return Number(value.N);
  if (value.SS !== undefined) return value.SS;
  if (value.B !== undefined) return unpacked(value.B);
  if (value.BOOL !== undefined) return value.BOOL;
  return value.NULL === true ? null : value;
}

/** Documents are kept as JSON text. */
function parsed(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is kept deflated is JSON; nothing else is kept as bytes. */
function unpacked(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(inflateRawSync(bytes).toString("utf8"));
  } catch {
    return Buffer.from(bytes).toString("base64");
  }
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !SECRET_MEMBERS.test(name))
      .map(([name, inner]) => [name, withoutSecrets(inner)]),
  );
}
