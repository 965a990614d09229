import type * as z from "zod";
import { explain } from "../../lib/access/decide.ts";
import {
  type Absence,
  type Evaluated,
  evaluateAccess,
  type FindSubjectDeps,
  findSubject,
  type Semantic,
  type Subject,
  settles,
} from "../../lib/access/evaluate-access.ts";
import { shownDecision } from "../../lib/access/simulate.ts";
import type { ActivityRecord } from "../../lib/activity/activity.ts";
import type { DecisionLog } from "../../lib/aws/decision-log.ts";
import type { ErrorCode } from "../../lib/errors.ts";
import type { Exchange } from "../../lib/http/exchange.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { actorOf } from "../../lib/session/actor.ts";
import type { Caller } from "../../lib/session/caller.ts";
import type { EvaluationAnswer, EvaluationRequest } from "./authzen-schema.ts";

/** What answering needs, beside what every endpoint does. */
export interface AnswerDeps extends HttpDeps, FindSubjectDeps {
  readonly decisions: DecisionLog;
}

/** One question, complete. */
export type Question = z.output<typeof EvaluationRequest>;

type Answer = z.output<typeof EvaluationAnswer>;

/** Who asks, and the means to ask what they may. */
interface Asker extends Pick<Exchange, "request" | "trail" | "nowMs" | "mayI" | "authorise"> {
  readonly caller: Caller;
}

/** Questions, and when to stop. */
interface Asked {
  readonly questions: readonly Question[];
  readonly semantic: Semantic;
}

/**
 * Answers questions in order, until one settles them, and puts what was answered on record together. About the caller's
 * own session everybody may ask, about the tenant's others who holds `access:evaluate`.
 * @throws AppError `access.denied`
 */
export async function answerQuestions(
  deps: AnswerDeps,
  asker: Asker,
  { questions, semantic }: Asked,
): Promise<readonly Answer[]> {
  const subjects = await subjectsOf(deps, asker, questions);
  const answers: Answer[] = [];
  const records: ActivityRecord[] = [];
  for (const question of questions) {
    const subject = subjects.get(subjectIdOf(question, asker)) ?? "subject_not_found";
    const evaluated = evaluateAccess(subject, evaluationOf(question, asker), asker.nowMs);
    const answer = answerOf(evaluated, asker);
    answers.push(answer);
    if (question.context?.log !== false) records.push(recordOf(asker, { question, subject, answer }));
    if (settles(semantic, answer.decision)) break;
  }
  await deps.decisions.append(records, asker.trail.retentionDays());
  return answers;
}

function subjectIdOf({ subject }: Question, { caller }: Asker): string {
  const id = subject?.id ?? "current";
  return id === "current" ? caller.session.sessionId : id;
}

async function subjectsOf(
  deps: AnswerDeps,
  asker: Asker,
  questions: readonly Question[],
): Promise<ReadonlyMap<string, Subject | Absence>> {
  const { caller, trail, authorise } = asker;
  const ids = [...new Set(questions.map((question) => subjectIdOf(question, asker)))];
  const isOwn = (id: string) => id === caller.session.sessionId;
  for (const id of ids) {
    trail.about({ type: "session", id });
    authorise({ resource: { type: "session", id }, own: isOwn(id) });
  }
  const found = await Promise.all(
    ids.map(async (id) => {
      const subject = isOwn(id) ? caller : await findSubject(deps, caller.tenantId, id);
      return [id, subject] as const;
    }),
  );
  return new Map(found);
}

/** Where the asking service says nothing of the address, only that of the caller's own request is known. */
function evaluationOf(question: Question, asker: Asker) {
  const { action, resource, context } = question;
  const isOwn = subjectIdOf(question, asker) === asker.caller.session.sessionId;
  return {
    action: action.name,
    resource,
    ownerId: resource.properties?.ownerId,
    tags: resource.properties?.tags,
    ip: context?.ip ?? (isOwn ? asker.request.ip : undefined),
  };
}

function answerOf(evaluated: Evaluated, asker: Asker): Answer {
  switch (evaluated.is) {
    case "decided":
      return {
        decision: evaluated.allowed,
        context: { reason: evaluated.decision.reason, ...shownTo(asker, evaluated.decision) },
      };
    case "step_up_required": {
      const { is: reason, decision, maxAgeSeconds } = evaluated;
      const context = { reason, stepUpRequired: true as const, maxAgeSeconds };
      return { decision: false, context: { ...context, ...shownTo(asker, decision) } };
    }
    case "enrollment_required":
      return {
        decision: false,
        context: { reason: evaluated.is, ...shownTo(asker, evaluated.decision) },
      };
    case "subject_not_found": {
      const error = { status: 404, message: "There is no such session here." };
      return { decision: false, context: { reason: evaluated.is, error } };
    }
    default:
      return { decision: false, context: { reason: evaluated.is } };
  }
}

/** Which statement of which role it was is for those to know who may read that role. */
function shownTo({ mayI }: Asker, decision: Extract<Evaluated, { is: "decided" }>["decision"]) {
  const role = "role" in decision ? decision.role : undefined;
  const resource = role === undefined ? "*" : { type: "role", id: role };
  if (!mayI({ action: "role:read", resource })) return {};
  const { statementIndex, statement } = shownDecision(decision);
  return {
    explain: explain(decision),
    ...(role === undefined ? {} : { role, statementIndex, statement }),
  };
}

/** On record is that it was asked, of whom and with which answer; whether it was then done is the service's to say. */
function recordOf(
  { caller, trail }: Asker,
  answered: {
    readonly question: Question;
    readonly subject: Subject | Absence;
    readonly answer: Answer;
  },
): ActivityRecord {
  const { question, subject, answer } = answered;
  const { decision, context } = answer;
  const session = typeof subject === "string" ? caller.session : subject.session;
  const isOwn = session.sessionId === caller.session.sessionId && typeof subject !== "string";
  const { workflow: _ofCaller, ...record } = trail.also({
    action: "access:evaluate",
    sessionId: session.sessionId,
    ...(typeof subject === "string" ? {} : { actor: actorOf(subject) }),
    resource: { type: question.resource.type, id: question.resource.id },
    attributes: {
      action: question.action.name,
      reason: context.reason,
      ...(isOwn ? {} : { subject: question.subject?.id, askedBy: caller.session.sessionId }),
    },
  });
  return {
    ...record,
    ...(session.workflow === undefined ? {} : { workflow: session.workflow }),
    outcome: decision ? "success" : "denied",
    ...(decision ? {} : { errorCode: errorCodeOf(context.reason) }),
  };
}

function errorCodeOf(reason: Answer["context"]["reason"]): ErrorCode {
  switch (reason) {
    case "step_up_required":
      return "auth.step_up_required";
    case "enrollment_required":
      return "mfa.enrollment_required";
    case "session_ended":
    case "user_disabled":
      return "session.ended";
    case "subject_not_found":
      return "not_found";
    default:
      return "access.denied";
  }
}
