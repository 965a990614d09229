import { ActiveSessionError } from "../client/problem.ts";

/** Nobody answered: the network or the service is away. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ActiveSessionError && error.code === "network";
}

const WORDS: Readonly<Record<string, string>> = {
  "auth.invalid_credentials": "That email and password do not match.",
  "mfa.invalid_code": "That code is not right. Codes work once: wait for the next one and try again.",
  "mfa.challenge_expired": "This sign-in took too long or had too many wrong codes. Please begin again.",
  "mfa.enrollment_required": "This needs a second factor, and you have none yet: add one under Your account.",
  "auth.step_up_required": "This needs a factor that was verified a moment ago.",
  unavailable: "The service is busy at the moment. Nothing was changed; please try again.",
  internal: "Something went wrong on the service's side. Nothing that you did caused it.",
};

/** What went wrong, in words for a person: the sentence that helps most, and the fields that were refused. */
export function explain(error: unknown): string {
  if (isUnreachable(error)) return "The service cannot be reached. Check your connection.";
  if (!(error instanceof ActiveSessionError)) {
    return error instanceof Error ? error.message : "Something went wrong.";
  }
  const { problem, retryAfterSeconds } = error;
  if (problem.code === "rate.limited") {
    return `Too many attempts. Try again in ${retryAfterSeconds ?? "a few"} seconds.`;
  }
  const fields = problem.errors?.map(
    ({ pointer, message }) => `${pointer.slice(1) || "The body"} ${message}`,
  );
  const words = WORDS[problem.code] ?? problem.detail ?? problem.title;
  const why = problem.explain === undefined ? "" : ` ${problem.explain}`;
  return fields === undefined || fields.length === 0 ? `${words}${why}` : `${fields.join(". ")}.`;
}
