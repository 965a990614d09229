import * as z from "zod";
import { AppError, type FieldError } from "../../lib/errors.ts";
import { AttachmentInput, SessionFields, TimeInput } from "../../lib/http/metering-schema.ts";
import { Id, SessionId } from "../../lib/http/parse.ts";
import type { ImportedSession } from "../../lib/session/import-sessions.ts";
import type { EpochMs } from "../../lib/time.ts";

/** Sessions, and attachments, of one call. */
export const ENTRIES_MAX = 500;

/** How far ahead of ours the other platform's clock may be. */
const AHEAD_MS_MAX: EpochMs = 5 * 60_000;
/** How old a session may be: as long as the longest retention (contract section 3). */
const AGE_MS_MAX: EpochMs = 3650 * 86_400_000;

/** The id of a user or resource elsewhere. It becomes part of keys, in which `#` separates. */
const FOREIGN_KEY = /^[^\p{Cc}#]{1,256}$/u;
const NOT_A_KEY = "must be 1 to 256 characters, without # and control characters";
const ForeignKey = z
  .string()
  .regex(FOREIGN_KEY, NOT_A_KEY)
  .refine((text) => text.isWellFormed(), "must not hold half of a surrogate pair");

const SessionInput = z
  .strictObject({
    ...SessionFields,
    id: SessionId.refine((id) => id !== "current", "must not be current"),
    userId: ForeignKey,
    userName: z.string().min(1).max(256).exactOptional(),
    endedAt: TimeInput,
  })
  .refine(({ startedAt, endedAt }) => startedAt <= endedAt, {
    path: ["endedAt"],
    message: "must not be before startedAt",
  })
  .transform(
    ({ id, startedAt, endedAt, ...session }): ImportedSession => ({
      ...session,
      sessionId: id,
      startedAtMs: startedAt,
      endedAtMs: endedAt,
    }),
  );

const HeldInput = AttachmentInput.refine(({ resourceId }) => FOREIGN_KEY.test(resourceId), {
  path: ["resourceId"],
  message: NOT_A_KEY,
});

/** The body of `POST /v1/sessions/import` (contract section 9). */
export const ImportBody = z.strictObject({
  tenantId: Id,
  sessions: z.array(SessionInput).max(ENTRIES_MAX).default([]),
  attachments: z.array(HeldInput).max(ENTRIES_MAX).default([]),
});

/**
 * Refuses times that no history can have.
 * @throws AppError `request.invalid` that names each
 */
export function refuseTimes({ sessions, attachments }: z.output<typeof ImportBody>, nowMs: EpochMs): void {
  const errors: FieldError[] = [];
  const hold = (pointer: string, atMs: EpochMs | null) => {
    if (atMs === null) return;
    if (atMs > nowMs + AHEAD_MS_MAX) errors.push({ pointer, message: "must not be in the future" });
    if (atMs < nowMs - AGE_MS_MAX) errors.push({ pointer, message: "must be at most 3650 days back" });
  };
  for (const [place, { startedAtMs, endedAtMs }] of sessions.entries()) {
    hold(`/sessions/${place}/startedAt`, startedAtMs);
    hold(`/sessions/${place}/endedAt`, endedAtMs);
  }
  for (const [place, { fromAtMs, toAtMs }] of attachments.entries()) {
    hold(`/attachments/${place}/from`, fromAtMs);
    hold(`/attachments/${place}/to`, toAtMs);
  }
  if (errors[0] !== undefined) {
    throw new AppError("request.invalid", errors[0].message, { errors: errors.slice(0, 50) });
  }
}
