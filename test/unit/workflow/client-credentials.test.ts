import { expect, test } from "@jest/globals";
import { AppError } from "../../../lib/errors.ts";
import { shownKeyOf } from "../../../lib/http/client-credentials.ts";
import { parseForm } from "../../../lib/http/form.ts";
import { oauthAnswer } from "../../../lib/http/oauth-answer.ts";
import { OAuthError } from "../../../lib/workflow/oauth-error.ts";

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

test("a client shows itself by header, form-encoded within, or in the form", () => {
  const key = { clientId: "key_1", clientSecret: "ask:a+b c" };
  expect(shownKeyOf(basic("key_1:ask%3Aa%2Bb+c"), {})).toEqual(key);
  expect(shownKeyOf({}, { client_id: "key_1", client_secret: "ask:a+b c" })).toEqual(key);
  expect(shownKeyOf({}, { client_id: "key_1" })).toBeUndefined();
  expect(shownKeyOf({ authorization: "Bearer token" }, {})).toBeUndefined();
});

test.each([
  ["the secret twice", basic("key_1:a"), { client_secret: "a" }, "invalid_request"],
  ["two names", basic("key_1:a"), { client_id: "key_2" }, "invalid_request"],
  ["a secret of nobody", {}, { client_secret: "a" }, "invalid_request"],
  ["no colon", basic("key_1"), {}, "invalid_client"],
  ["two colons", basic("key_1:a:b"), {}, "invalid_client"],
  ["half an escape", basic("key_1:%"), {}, "invalid_client"],
  ["no base64", { authorization: "Basic ***" }, {}, "invalid_client"],
])("%s is refused", (_what, headers, members, oauthName) => {
  expect(() => shownKeyOf(headers, members)).toThrow(expect.objectContaining({ oauthName }));
});

test("a form leaves out what has no value, and is refused what it has twice or too much of", () => {
  expect({ ...parseForm("a=1&b=&c=%20x+y") }).toEqual({ a: "1", c: " x y" });
  expect({ ...parseForm("__proto__=1&constructor=2") }).toEqual({ ["__proto__"]: "1", constructor: "2" });
  expect(() => parseForm("a=1&a=1")).toThrow("twice");
  expect(() => parseForm(Array.from({ length: 51 }, (_, index) => `m${index}=1`).join("&"))).toThrow(
    "too many",
  );
});

test.each([
  [new OAuthError("invalid_client", "No."), 401, "invalid_client"],
  [new OAuthError("invalid_target", "No."), 400, "invalid_target"],
  [new AppError("request.invalid", "No."), 400, "invalid_request"],
  [new AppError("request.media_type", "No."), 400, "invalid_request"],
  [new AppError("request.too_large", "No."), 413, "invalid_request"],
  [new AppError("session.ended", "No."), 401, "invalid_token"],
  [new AppError("access.denied", "No."), 400, "unauthorized_client"],
  [new AppError("session.limit_reached", "No."), 409, "temporarily_unavailable"],
  [new AppError("rate.limited", "No."), 429, "temporarily_unavailable"],
  [new AppError("unavailable", "No."), 503, "temporarily_unavailable"],
  [new AppError("internal", "No."), 500, "server_error"],
])("OAuth's form of $code", (error, status, name) => {
  const answer = oauthAnswer(error);
  expect([answer.status, answer.body]).toEqual([status, { error: name, error_description: "No." }]);
});

test("a description has no character that OAuth does not take", () => {
  const { body } = oauthAnswer(new AppError("request.invalid", 'a "b" \\ ü\n'));
  expect(body.error_description).toBe("a 'b' ' ''");
});
