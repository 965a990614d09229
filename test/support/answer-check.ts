import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import * as z from "zod";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { PROBLEM_SCHEMA } from "../../lib/http/openapi-components.ts";

/** An answer as a test sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it was sent; empty without one. */
  readonly text: string;
  /** The body read as JSON; `undefined` where it is none. Whoever looks into it says what it expects there. */
  // biome-ignore lint/suspicious/noExplicitAny: a test states what it expects by reading it.
  readonly body: any;
  /** What it sets, each as `name=value; attributes`. */
  readonly cookies: readonly string[];
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const isProblem = ajv.compile(PROBLEM_SCHEMA);
const byRoute = new Map<string, ValidateFunction>();

const EVERYWHERE = {
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** What an answer must never show: a stack, a table, a place in our code. */
const INTERNAL =
  /\bat [\w.<>]+ \(|\.ts:\d|node_modules|-(sessions|identity|activity|billing)\b|ConditionalCheck/;

/**
 * Holds an answer to what the OpenAPI document says of it, exactly: a member that the document does not have is a
 * failure too. The answers of every HTTP test go through here, so that the document cannot lie.
 * @throws Error that says what is wrong
 */
export function checkAnswer(spec: EndpointSpec, answer: Answer): void {
  expect(answer.headers).toMatchObject(EVERYWHERE);
  // AuthZEN's endpoints give the client's own back.
  expect(answer.headers["x-request-id"]).toMatch(spec.takesRequestId ? /^\S+$/ : /^req_[0-9a-z]{26}$/);
  expect(answer.headers["cache-control"]).toBeDefined();
  if (answer.status >= 400) checkProblem(spec, answer);
  else checkSuccess(spec, answer);
}

function checkProblem(spec: EndpointSpec, answer: Answer): void {
  expect(answer.text).not.toMatch(INTERNAL);
  // OAuth's endpoints have OAuth's own form of error (RFC 6749 section 5.2).
  if (spec.route.startsWith("/oauth/")) return;
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  hold(isProblem, answer.body, `the problem of ${spec.route}`);
  expect(answer.body).toMatchObject({
    status: answer.status,
    type: `urn:active-session:problem:${answer.body.code}`,
    requestId: answer.headers["x-request-id"],
  });
  expect("www-authenticate" in answer.headers).toBe(answer.status === 401);
}

function checkSuccess(spec: EndpointSpec, answer: Answer): void {
  expect(answer.status).toBe(spec.successStatus);
  if (spec.successStatus === 204) {
    expect(answer.text).toBe("");
    return;
  }
  expect("etag" in answer.headers).toBe(spec.etag === true);
  const [type = ""] = (answer.headers["content-type"] ?? "").split(";");
  expect(spec.produces ?? ["application/json"]).toContain(type);
  if (/^application\/([\w.-]+\+)?json$/.test(type))
    hold(validatorOf(spec), answer.body, `the answer of ${spec.method} ${spec.route}`);
}

function validatorOf(spec: EndpointSpec): ValidateFunction {
  const key = `${spec.method} ${spec.route}`;
  const known = byRoute.get(key);
  if (known !== undefined) return known;
  const { $schema, ...schema } = z.toJSONSchema(spec.response, { io: "output", unrepresentable: "any" });
  const validator = ajv.compile(schema);
  byRoute.set(key, validator);
  return validator;
}

function hold(validate: ValidateFunction, body: unknown, what: string): void {
  if (validate(body)) return;
  const errors = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || "/"} ${message} ${JSON.stringify(params)}`,
  );
  throw new Error(
    `The OpenAPI document says otherwise of ${what}:\n${errors.join("\n")}\n${JSON.stringify(body)}`,
  );
}
