import { AppError } from "../errors.ts";
import type { Exchange } from "./exchange.ts";
import type { Cursors } from "./http-deps.ts";
import { json } from "./reply.ts";
import type { HttpRequest } from "./request.ts";

/**
 * The cursor half of an exchange. A cursor is sealed to its tenant, its route and its query, so that it opens
 * nowhere but on the next page of the very same list.
 */
export function cursorsOf(
  cursors: Cursors,
  request: HttpRequest,
  tenantId: string,
): Pick<Exchange, "position" | "page" | "cursorAt"> {
  const scope = () => JSON.stringify([tenantId, request.method, request.path, filtersOf(request.query)]);
  return {
    position: async () => {
      const cursor = request.query["cursor"];
      if (cursor === undefined) return undefined;
      const position = await cursors.open(cursor, scope());
      if (position === undefined) {
        throw new AppError("cursor.invalid", "The cursor belongs to another list, or was changed.", {
          errors: [{ pointer: "/query/cursor", message: "is not a cursor of this list" }],
        });
      }
      return position;
    },
    page: async (items, next) =>
      json({ items, nextCursor: next === undefined ? null : await cursors.seal(next, scope()) }),
    cursorAt: (position) => cursors.seal(position, scope()),
  };
}

/**
 * The version that a write is to replace, from `If-Match` (RFC 9110 section 13.1.1); `*` asks for any.
 * @throws AppError `precondition.failed` for a tag that no version of ours can have
 */
export function expectedVersion(request: HttpRequest): number | undefined {
  const header = request.headers["if-match"];
  if (header === undefined || header === "*") return undefined;
  const [, version] = /^"(0|[1-9][0-9]{0,14})"$/.exec(header) ?? [];
  if (version === undefined) throw preconditionFailed();
  return Number(version);
}

/** The document is not at the version that the caller has seen. */
export function preconditionFailed(): AppError {
  return new AppError("precondition.failed", "The document has changed since you read it: read it again.");
}

function filtersOf(query: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(query)
    .filter(([name]) => name !== "cursor" && name !== "limit")
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
