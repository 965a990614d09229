import * as z from "zod";
import { accessPorts } from "../../lib/aws/access-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { json } from "../../lib/http/reply.ts";
import { type AnswerDeps, answerQuestions, type Question } from "./answer.ts";
import { EvaluationAnswer, EvaluationRequest, EvaluationsRequest } from "./authzen-schema.ts";

/** Answers several questions at once. */
export const spec = {
  method: "POST",
  route: "/access/v1/evaluations",
  summary: "Decide up to 100 questions at once (OpenID AuthZEN 1.0)",
  description:
    "Members at the top are defaults for what an evaluation leaves out. `deny_on_first_deny` and `permit_on_first_permit` stop at the decision that settles the batch, which is then the last one answered. Without `evaluations` the request and its answer are those of `/access/v1/evaluation`.",
  tag: "Access",
  permission: { decidedBy: "handler", action: "access:evaluate" },
  body: EvaluationsRequest,
  response: z.union([z.object({ evaluations: z.array(EvaluationAnswer) }), EvaluationAnswer]),
  successStatus: 200,
  recorded: false,
  takesRequestId: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: AnswerDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { evaluations = [], options, ...defaults } = exchange.body;
    const isSingle = evaluations.length === 0;
    const questions = (isSingle ? [{}] : evaluations).map((one): Question => {
      // The schema has found action and resource in one of the two.
      return EvaluationRequest.parse({ ...defaults, ...one });
    });
    const semantic = options?.evaluations_semantic ?? "execute_all";
    const answers = await answerQuestions(deps, exchange, { questions, semantic });
    return json(isSingle ? answers[0] : { evaluations: answers });
  });

export const handler = createHandler(accessPorts());
