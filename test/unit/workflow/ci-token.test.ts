import { expect, test } from "@jest/globals";
import { matches, parseGlob } from "../../../lib/access/glob.ts";
import { matchesClaims, runOf } from "../../../lib/workflow/ci-token.ts";

const byGlob = (pattern: string, text: string) => matches(parseGlob(pattern), text);

test.each([
  [
    "GitHub Actions",
    { run_id: "1658821493", ref: "refs/heads/main" },
    { runId: "1658821493", ref: "refs/heads/main" },
  ],
  ["GitLab", { pipeline_id: "574", ref: "main" }, { runId: "574", ref: "main" }],
  ["a provider with numbers", { run_id: 42 }, { runId: "42" }],
  ["both, of which the run counts", { run_id: "1", pipeline_id: "2" }, { runId: "1" }],
  ["a reference that is no text", { run_id: "1", ref: 7 }, { runId: "1" }],
  ["a reference of two lines", { run_id: "1", ref: "a\nb" }, { runId: "1" }],
])("the run of %s is named by its claims", (_provider, claims, run) => {
  expect(runOf(claims)).toEqual(run);
});

test.each([
  ["nothing", {}],
  ["a list", { run_id: ["1"] }],
  ["part of a key", { run_id: "1#closed" }],
  ["part of a path", { run_id: "../x" }],
  ["too much", { run_id: "1".repeat(129) }],
  ["an inherited member", Object.create({ run_id: "1" })],
])("%s names no run", (_what, claims) => {
  expect(runOf(claims)).toBeUndefined();
});

test.each([
  [{ repository: "octo-org/*" }, { repository: "octo-org/octo-repo" }, true],
  [{ repository: "octo-org/*" }, { repository: "octo-organised/octo-repo" }, false],
  [{ repository: "octo-org/*" }, { repository: "evil/octo-org/x" }, false],
  [{ repository: "Octo-Org/*" }, { repository: "octo-org/x" }, false],
  [{ sub: "repo:octo-org/*:environment:prod" }, { sub: "repo:octo-org/x:environment:prod" }, true],
  [{ sub: "repo:octo-org/*:environment:prod" }, { sub: "repo:octo-org/x:environment:production" }, false],
  [{ ref_protected: "true" }, { ref_protected: true }, true],
  [{ project_id: "7" }, { project_id: 7 }, true],
  [{ groups: "admins" }, { groups: ["admins"] }, false],
  [{ repository: "*" }, {}, false],
  [{ a: "1", b: "2" }, { a: "1", b: "3" }, false],
  [{ constructor: "*" }, {}, false],
])("the claims %j and the token %j: %s", (patterns, claims, expected) => {
  expect(matchesClaims(byGlob, patterns as Record<string, string>, claims)).toBe(expected);
});
