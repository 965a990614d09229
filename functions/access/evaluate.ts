import { accessPorts } from "../../lib/aws/access-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { json } from "../../lib/http/reply.ts";
import { type AnswerDeps, answerQuestions } from "./answer.ts";
import { EvaluationAnswer, EvaluationRequest } from "./authzen-schema.ts";

/** Says whether a session may do an action on a resource. */
export const spec = {
  method: "POST",
  route: "/access/v1/evaluation",
  summary: "Decide whether a session may do an action (OpenID AuthZEN 1.0)",
  description:
    "For the platform's own services. Without a `subject` the caller's session is asked about; the tenant's others need `access:evaluate`. A session that is not there, or of another tenant, is decided `false`. A refusal is 200 with `decision: false`; `context.stepUpRequired` says that a factor verified within `maxAgeSeconds` would make it `true`. Each decision is put on record unless `context.log` is `false`. Members that are not known are ignored, and an `X-Request-Id` is given back.",
  tag: "Access",
  permission: { decidedBy: "handler", action: "access:evaluate" },
  body: EvaluationRequest,
  response: EvaluationAnswer,
  successStatus: 200,
  recorded: false,
  takesRequestId: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: AnswerDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const asked = { questions: [exchange.body], semantic: "execute_all" } as const;
    const [answer] = await answerQuestions(deps, exchange, asked);
    return json(answer);
  });

export const handler = createHandler(accessPorts());
