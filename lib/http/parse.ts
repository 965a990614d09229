import * as z from "zod";
import { escapePointer } from "../activity/changes.ts";
import { AppError, type FieldError } from "../errors.ts";

/** `?limit=`: 1 to 200, default 50 (contract section 1). */
const Limit = z
  .string()
  .regex(/^[0-9]{1,3}$/, "must be a whole number from 1 to 200")
  .transform(Number)
  .refine((limit) => limit >= 1 && limit <= 200, "must be a whole number from 1 to 200")
  .default(50)
  .meta({
    type: "integer",
    minimum: 1,
    maximum: 200,
    pattern: undefined,
    description: "50 unless it is given.",
  });

/** `?cursor=`: opened by the exchange, not by the schema; what is none, however long, is `cursor.invalid`. */
const Cursor = z.string().optional().meta({ description: "`nextCursor` of the page before." });

/** What every list takes. */
export const PageQuery = { limit: Limit, cursor: Cursor };

/** What every list answers (contract section 1). */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** An id in a path, a query or a body. What no id can be is refused; what is not there is not found. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be an id: 1 to 64 of A-Z a-z 0-9 _ -");

/** Where a half-done sign-in is, as the client carries it. */
export const ChallengeToken = z.string().min(1).max(4096);

/** A code as a person types it; whether it can be one is for `readCode` to say. */
export const FactorCode = z.string().min(1).max(64);

/** What a passkey was asked to sign, as the client carries it. */
export const PasskeyToken = z.string().min(1).max(4096);

/** The token of a letter: an invitation or a reset. */
export const LetterToken = z.string().min(1).max(4096);

/** What a browser gives for a passkey (WebAuthn Level 3 section 5.1, `toJSON`); who checks it reads the rest. */
export const PublicKeyCredential = z.looseObject({
  id: z.string().min(1).max(2048),
  type: z.literal("public-key"),
  response: z.looseObject({}),
});

/** A session's id; `current` stands for the caller's. Imported sessions keep the id that they had elsewhere. */
export const SessionId = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,128}$/, "must be a session's id: 1 to 128 of A-Z a-z 0-9 . _ : -");

/**
 * Holds a value to a schema and names each place where it is wrong, as a JSON pointer below `base`.
 * @throws AppError `request.invalid`
 */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, base: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => fieldErrors(issue, base)).slice(0, 50);
  throw new AppError("request.invalid", errors[0]?.message ?? "The request is not valid.", { errors });
}

function fieldErrors(issue: z.core.$ZodIssue, base: string): readonly FieldError[] {
  const pointer = pointerOf(base, issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ pointer: pointerOf(pointer, [key]), message: "is not a known field" }));
  }
  return [{ pointer, message: issue.message }];
}

function pointerOf(base: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((pointer, step) => `${pointer}/${escapePointer(String(step))}`, base);
}
