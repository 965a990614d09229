import { PROBLEMS } from "./problem.ts";

/** A part of the introduction: its paragraphs are CommonMark in which only `code` is marked up. */
export interface GuideSection {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** What holds for every endpoint (contract section 1), told once instead of at each of them. */
export const GUIDE: readonly GuideSection[] = [
  {
    title: "Requests and answers",
    paragraphs: [
      'JSON in and out, UTF-8. Times are RFC 3339 in UTC with milliseconds: `2026-11-23T10:00:00.000Z`. Durations end in `Seconds`. Money and quantities are decimal strings (`"0.0125"`); a JSON number is taken where it is exact.',
      "Ids are prefixed, opaque and sort by creation: `ten_` tenant, `usr_` user, `ses_` session, `fac_` factor, `act_` activity, `alr_` alert, `res_` resource, `inv_` invoice, `key_` key, `grt_` grant, `msg_` message, `whk_` webhook.",
      "A body has at most 1 MiB and 32 levels. Unknown members, members given twice, lone surrogates and numbers that JSON would round are refused. Answers may gain members: ignore those you do not know.",
      "Every answer carries `X-Request-Id`, which is also the `requestId` of the activity record that it made.",
    ],
  },
  {
    title: "Authentication",
    paragraphs: [
      "Sign in at `POST /v1/auth/login` and send the access token as `Authorization: Bearer …`. It lives for five minutes and only as long as its session: a revoked, logged out or expired session is refused at the very next request. `POST /v1/auth/refresh` gives the next pair of tokens.",
      "A browser keeps the refresh token best where no script can read it: with `X-Session-Transport: cookie` every sign-in answers it in the cookie `__Host-refresh` instead of the body, and `POST /v1/auth/refresh` and `/v1/auth/logout` read it from there. They then demand an `Origin` of the service's own pages and a `Sec-Fetch-Site` of its site.",
      "A sensitive action wants a second factor that was verified lately. Without it the answer is 401 `auth.step_up_required` with `maxAgeSeconds` (RFC 9470): verify at `POST /v1/auth/step-up` and repeat the request with the new access token.",
    ],
  },
  {
    title: "Lists",
    paragraphs: [
      "A list answers `items` and `nextCursor`, which is `null` on the last page. Ask for the page after with `cursor`, and for its size with `limit` (1 to 200, 50 otherwise). A cursor is good for the same list with the same filters and the same tenant; any other is 400 `cursor.invalid`.",
    ],
  },
  {
    title: "Repeating safely",
    paragraphs: [
      "A write that carries `Idempotency-Key` is done once: the same key with the same request gives the first answer again, with `Idempotent-Replayed: true`. Another request under that key is 422 `idempotency.mismatch`; while the first is still running, 409 `idempotency.in_progress`. A key is the user's own and is kept for 24 hours.",
      "A document that can be changed carries an `ETag`. Send it back as `If-Match`, and a write over somebody else's change is refused with 412 `precondition.failed`.",
    ],
  },
  {
    title: "Tasks and traces",
    paragraphs: [
      "Name the task you are on with `X-Task-Id`: it is kept on the activity record, and activity and metrics can be grouped by it. `traceparent` (W3C) is kept too.",
    ],
  },
  {
    title: "Errors",
    paragraphs: [
      "Errors are `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`, `code` and `requestId`. `type` is `urn:active-session:problem:` followed by the code; decide by `code`. 400 `request.invalid` adds `errors`, each with the JSON pointer of the place that is wrong: into the body, or below `/query`, `/path` and `/headers`.",
      "What belongs to another tenant answers 404 `not_found`, as what does not exist. 401 carries `WWW-Authenticate` (RFC 6750). 429 and 503 carry `Retry-After` in seconds and are safe to repeat. `session.ended` adds `reason`: `logged_out`, `revoked`, `idle_expired`, `absolute_expired`, `evicted`, `refresh_reused` or `user_disabled`.",
    ],
  },
];

/** Every error code with its status and title, by status. */
export function errorCodes(): readonly {
  readonly code: string;
  readonly status: number;
  readonly title: string;
}[] {
  return Object.entries(PROBLEMS)
    .map(([code, [status, title]]) => ({ code, status, title }))
    .sort((a, b) => a.status - b.status);
}

/** The guide as CommonMark, for the document's own description. */
export function guideMarkdown(): string {
  const sections = GUIDE.map(({ title, paragraphs }) => [`## ${title}`, ...paragraphs].join("\n\n"));
  const rows = errorCodes().map(({ code, status, title }) => `| ${status} | \`${code}\` | ${title} |`);
  return [...sections, ["| status | code | meaning |", "|---|---|---|", ...rows].join("\n")].join("\n\n");
}
