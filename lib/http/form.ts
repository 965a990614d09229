import { AppError } from "../errors.ts";

/** More than any request of OAuth's has. */
const MEMBERS_MAX = 50;

/**
 * Reads a body of `application/x-www-form-urlencoded`. What has no value counts as left out, and what is given twice is
 * refused (RFC 6749 section 3.2).
 * @throws AppError `request.malformed`
 */
export function parseForm(text: string): Readonly<Record<string, string>> {
  const members: Record<string, string> = Object.create(null);
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > MEMBERS_MAX) throw new AppError("request.malformed", "The form has too many members.");
    if (value === "") continue;
    if (name in members) throw new AppError("request.malformed", "The form has a member twice.");
    members[name] = value;
  }
  return members;
}
