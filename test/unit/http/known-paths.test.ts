import { methodsOf } from "../../../lib/http/known-paths.ts";

const PATHS = {
  "/v1/sessions": { get: {}, post: {} },
  "/v1/sessions/{sessionId}": { get: {}, delete: {} },
  "/v1/sessions/revoke": { post: {} },
  "/v1/sessions/{sessionId}/state/{key}": { put: {} },
};

test.each([
  ["/v1/sessions", ["GET", "POST"]],
  ["/v1/sessions/ses_1", ["DELETE", "GET"]],
  ["/v1/sessions/revoke", ["DELETE", "GET", "POST"]],
  ["/v1/sessions/ses_1/state/a%2Fb", ["PUT"]],
  ["/v1/sessions/", []],
  ["/v1/sessions//state/a", []],
  ["//v1/sessions", []],
  ["/v1/Sessions", []],
  ["/", []],
  ["", []],
])("%s takes %j", (path, methods) => {
  expect(methodsOf(PATHS, path)).toEqual(methods);
});
