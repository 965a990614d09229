import { AppError, invalidField } from "../errors.ts";
import {
  type IdempotencyClaim,
  type IdempotencyStore,
  KEPT_ANSWER_LENGTH_MAX,
  type KeptAnswer,
} from "../idempotency/idempotency.ts";
import type { Caller } from "../session/caller.ts";
import type { HttpDeps, NewId } from "./http-deps.ts";
import { statusOf, toAppError } from "./problem.ts";
import type { Reply } from "./reply.ts";
import type { HttpRequest } from "./request.ts";

/**
 * Does a write once for each `Idempotency-Key` and gives its first answer again to whoever repeats it.
 *
 * A run that was killed leaves a claim behind; the one that takes it over makes ids from the same seed, so that
 * what the killed one had already stored is found rather than made a second time.
 * @throws AppError `idempotency.mismatch`, `idempotency.in_progress`, `request.invalid` at `/headers/idempotency-key`
 */
export async function answerOnce(
  deps: Pick<HttpDeps, "idempotency" | "newId" | "seededIds" | "sha256" | "now">,
  {
    caller,
    request,
  }: { readonly caller: Pick<Caller, "tenantId" | "userId">; readonly request: HttpRequest },
  work: (newId: NewId) => Promise<Reply>,
): Promise<Reply> {
  const key = request.method === "GET" ? undefined : request.headers["idempotency-key"];
  if (key === undefined) return await work(deps.newId);
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw invalidField("/headers/idempotency-key", "must be 1 to 255 printable ASCII characters");
  }
  const claim: IdempotencyClaim = {
    tenantId: caller.tenantId,
    userId: caller.userId,
    key,
    fingerprint: deps.sha256(
      JSON.stringify([request.method, request.path, request.query, request.body?.text]),
    ),
    requestId: request.requestId,
    nowMs: deps.now(),
  };
  const outcome = await deps.idempotency.claim(claim);
  switch (outcome.is) {
    case "answered":
      return replayed(outcome.answer);
    case "running":
      throw new AppError("idempotency.in_progress", "The first request with this key is still running.", {
        retryAfterSeconds: 1,
      });
    case "mismatch":
      throw new AppError("idempotency.mismatch", "This key was used with another request.");
    case "ours":
      return await firstAnswer(deps.idempotency, claim, () =>
        work(deps.seededIds(outcome.seed, outcome.firstAtMs)),
      );
  }
}

/** Only answers of success are kept: after a refusal the caller may mend the cause and use the key again. */
async function firstAnswer(
  store: IdempotencyStore,
  claim: IdempotencyClaim,
  work: () => Promise<Reply>,
): Promise<Reply> {
  let reply: Reply;
  try {
    reply = await work();
  } catch (thrown) {
    // After a failure of ours nobody knows what was done: whoever repeats the request does the same again.
    if (statusOf(toAppError(thrown).code) < 500) await store.release(claim);
    else await store.handOver(claim);
    throw thrown;
  }
  const body = reply.text ?? (reply.body === undefined ? "" : JSON.stringify(reply.body));
  if (body.length > KEPT_ANSWER_LENGTH_MAX) await store.handOver(claim);
  else await store.complete(claim, { status: reply.status, headers: reply.headers ?? {}, body });
  return reply;
}

/** Whether an answer was given before, and so decided before. */
export function isReplay(reply: Reply): boolean {
  return reply.headers?.["idempotent-replayed"] === "true";
}

function replayed(answer: KeptAnswer): Reply {
  return {
    status: answer.status,
    ...(answer.body === "" ? {} : { text: answer.body }),
    headers: { ...answer.headers, "idempotent-replayed": "true" },
  };
}
