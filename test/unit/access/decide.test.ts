import { compileRoles } from "../../../lib/access/compile-roles.ts";
import type { AccessContext } from "../../../lib/access/condition.ts";
import { couldAllow, decide, explain, stepUpThatWouldAllow } from "../../../lib/access/decide.ts";
import type { Role, Statement } from "../../../lib/access/statement.ts";
import { fc } from "../../support/fast-check.ts";

const NOW = 1_795_000_000_000;

const role = (name: string, ...statements: Statement[]): Role => ({
  name,
  description: "",
  statements,
  version: 1,
});
const allow = (actions: string, resources = "*", condition?: Statement["condition"]): Statement => ({
  effect: "allow",
  actions: actions.split(" "),
  resources: resources.split(" "),
  ...(condition && { condition }),
});
const deny = (...args: Parameters<typeof allow>): Statement => ({ ...allow(...args), effect: "deny" });

const ask = (
  roles: Role[],
  action: string,
  resource = "volume/res_1",
  context: Partial<AccessContext> = {},
) => decide(compileRoles(roles), { action, resource, context: { nowMs: NOW, ...context } });

describe("what is decided", () => {
  test.each<[string, Statement[], string, string, boolean]>([
    ["no statement", [], "volume:read", "volume/res_1", false],
    ["an exact one", [allow("volume:read", "volume/res_1")], "volume:read", "volume/res_1", true],
    ["another action", [allow("volume:read")], "volume:update", "volume/res_1", false],
    ["another resource", [allow("volume:read", "volume/res_2")], "volume:read", "volume/res_1", false],
    ["a longer resource", [allow("volume:read", "volume/res_1")], "volume:read", "volume/res_10", false],
    ["a noun's wildcard", [allow("volume:*", "volume/*")], "volume:read", "volume/res_1", true],
    ["a verb's wildcard", [allow("*:read")], "volume:read", "volume/res_1", true],
    ["another letter case", [allow("volume:*")], "Volume:read", "volume/res_1", false],
    ["another letter case of the pattern", [allow("Volume:*")], "volume:read", "volume/res_1", false],
    ["the second of its actions", [allow("vm:read volume:read")], "volume:read", "volume/res_1", true],
    ["the second of its resources", [allow("*", "vm/* volume/res_1")], "volume:read", "volume/res_1", true],
    ["all of a type", [allow("volume:create", "volume/*")], "volume:create", "*", true],
    ["one thing, asked for all", [allow("volume:list", "volume/res_1")], "volume:list", "*", false],
    ["an action that is empty", [allow("*:*")], "", "volume/res_1", false],
  ])("%s", (_, statements, action, resource, allowed) => {
    expect(ask([role("r", ...statements)], action, resource).allowed).toBe(allowed);
  });

  test("a statement of any of the roles allows, and names itself", () => {
    const second = allow("volume:read");
    expect(ask([role("a", allow("vm:*")), role("b", allow("vm:read"), second)], "volume:read")).toEqual({
      allowed: true,
      reason: "allowed_by_statement",
      role: "b",
      statementIndex: 1,
      statement: second,
    });
  });

  test("names the first of several that apply, whether it spells the resource out or not", () => {
    const exact = allow("volume:read", "volume/res_1");
    const wild = allow("volume:read", "volume/*");
    expect(ask([role("r", exact, wild)], "volume:read")).toMatchObject({ statementIndex: 0 });
    expect(ask([role("r", wild, exact)], "volume:read")).toMatchObject({ statementIndex: 0 });
    expect(ask([role("r", wild, exact)], "volume:read", "volume/res_2")).toMatchObject({ statementIndex: 0 });
  });

  test("says the same when asked again, and after more actions than are remembered", () => {
    const policy = compileRoles([role("r", allow("volume:*"), deny("volume:x7"))]);
    const decisions = (action: string) =>
      decide(policy, { action, resource: "volume/res_1", context: { nowMs: NOW } }).allowed;
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 600; n++) expect(decisions(`volume:x${n}`)).toBe(n !== 7);
    }
    expect(policy.plans.size).toBeLessThanOrEqual(256);
  });
});

describe("a condition", () => {
  const owned = { owner: true } as const;

  test("that cannot be told keeps an allow from applying and a deny applying", () => {
    const roles = [role("r", allow("*"), deny("volume:delete", "*", { tags: { stage: "prod" } }))];
    expect(ask(roles, "volume:delete", "volume/res_1", { tags: { stage: "prod" } }).allowed).toBe(false);
    expect(ask(roles, "volume:delete", "volume/res_1", { tags: { stage: "dev" } }).allowed).toBe(true);
    expect(ask(roles, "volume:delete", "volume/res_1").allowed).toBe(false);
    expect(ask([role("r", allow("*", "*", owned))], "volume:read").allowed).toBe(false);
  });

  test("in the way is named, together with its statement", () => {
    const statement = allow("volume:read", "*", { owner: true, sessionKinds: ["interactive"] });
    expect(
      ask([role("r", statement)], "volume:read", "volume/res_1", {
        callerId: "usr_1",
        ownerId: "usr_2",
        sessionKind: "interactive",
      }),
    ).toEqual({
      allowed: false,
      reason: "condition_not_met",
      role: "r",
      statementIndex: 0,
      statement,
      unmet: ["owner"],
    });
  });

  test("that a step-up would meet is told before others", () => {
    const roles = [role("r", allow("*", "*", owned), allow("volume:*", "*", { mfaWithinSeconds: 120 }))];
    const refused = ask(roles, "volume:read", "volume/res_1", { factorVerifiedAtMs: NOW - 121_000 });
    expect(refused).toMatchObject({ reason: "condition_not_met", statementIndex: 1 });
    expect(stepUpThatWouldAllow(refused)).toBe(120);
    expect(ask(roles, "volume:read", "volume/res_1", { factorVerifiedAtMs: NOW - 120_000 }).allowed).toBe(
      true,
    );
  });

  test.each([
    ["a deny", [allow("*", "*", { mfaWithinSeconds: 60 }), deny("*")]],
    ["no statement", []],
    ["another condition too", [allow("*", "*", { mfaWithinSeconds: 60, owner: true })]],
  ])("no step-up helps against %s", (_, statements) => {
    expect(stepUpThatWouldAllow(ask([role("r", ...statements)], "volume:read"))).toBeUndefined();
  });
});

test.each([
  [[], "no statement of the roles allows it"],
  [[allow("*")], "statement 1 of the role ops allows it"],
  [[allow("*"), deny("volume:*")], "statement 2 of the role ops denies it"],
  [
    [allow("*", "*", { owner: true })],
    "statement 1 of the role ops allows it only under a condition that is not met (owner)",
  ],
])("explains itself in words: %#", (statements, words) => {
  expect(explain(ask([role("ops", ...statements)], "volume:read"))).toBe(words);
});

test.each<[string, Statement[], boolean]>([
  ["nothing", [], false],
  ["one thing", [allow("volume:list", "volume/res_1")], true],
  ["things under a condition", [allow("volume:list", "*", { owner: true })], true],
  ["all, denied on one", [allow("volume:list"), deny("volume:list", "volume/res_1")], true],
  ["all, denied under a condition", [allow("volume:list"), deny("*", "*", { owner: true })], true],
  ["all, denied on all", [allow("volume:list"), deny("volume:*", "**")], false],
])("an action could be allowed on something where roles allow %s: %#", (_, statements, expected) => {
  expect(couldAllow(compileRoles([role("r", ...statements)]), "volume:list")).toBe(expected);
});

describe("against an evaluator that tries everything", () => {
  const word = fc.stringMatching(/^[ab*]{1,4}$/);
  const kinds = fc.option(fc.subarray(["interactive", "workflow"] as const, { minLength: 1 }), {
    nil: undefined,
  });
  const statement = fc
    .record({
      effect: fc.constantFrom("allow" as const, "allow" as const, "deny" as const),
      actions: fc.array(word, { minLength: 1, maxLength: 3 }),
      resources: fc.array(word, { minLength: 1, maxLength: 3 }),
      kinds,
    })
    .map(
      ({ kinds: sessionKinds, ...rest }): Statement =>
        sessionKinds === undefined ? rest : { ...rest, condition: { sessionKinds } },
    );
  const roles = fc.array(fc.array(statement, { maxLength: 5 }), { maxLength: 4 });
  const text = fc.stringMatching(/^[ab]{0,4}$/);

  const regex = (glob: string) => new RegExp(`^${glob.replaceAll("*", ".*")}$`);

  test("decides the same, by the same statement", () => {
    fc.assert(
      fc.property(
        roles,
        text,
        text,
        fc.constantFrom("interactive" as const, "workflow" as const, "support" as const, undefined),
        (lists, action, resource, sessionKind) => {
          const all = lists.flatMap((statements, index) =>
            statements.map((one, statementIndex) => ({ one, role: `r${index}`, statementIndex })),
          );
          const matching = all.filter(
            ({ one }) =>
              one.actions.some((glob) => regex(glob).test(action)) &&
              one.resources.some((glob) => regex(glob).test(resource)),
          );
          const kindsOf = (one: Statement) => one.condition?.sessionKinds;
          const denied = matching.find(
            ({ one }) =>
              one.effect === "deny" &&
              (kindsOf(one) === undefined ||
                sessionKind === undefined ||
                kindsOf(one)?.includes(sessionKind)),
          );
          const allowed = matching.find(
            ({ one }) =>
              one.effect === "allow" &&
              (kindsOf(one) === undefined ||
                (sessionKind !== undefined && kindsOf(one)?.includes(sessionKind))),
          );
          const decision = decide(
            compileRoles(lists.map((statements, index) => role(`r${index}`, ...statements))),
            { action, resource, context: { nowMs: NOW, ...(sessionKind && { sessionKind }) } },
          );
          expect(decision.allowed).toBe(denied === undefined && allowed !== undefined);
          const by = denied ?? allowed;
          if (by !== undefined) {
            expect(decision).toMatchObject({ role: by.role, statementIndex: by.statementIndex });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
