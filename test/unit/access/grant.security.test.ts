/**
 * Guarantees against somebody who would give more than they hold: by a new role, by a role that they change or have
 * taken off, by a role for a user or a key.
 */

import { BUILT_IN_ROLES } from "../../../lib/access/built-in-roles.ts";
import { compileRoles } from "../../../lib/access/compile-roles.ts";
import type { AccessContext } from "../../../lib/access/condition.ts";
import { decide } from "../../../lib/access/decide.ts";
import { mayGrant, mayManageUser } from "../../../lib/access/grant.ts";
import type { Condition, Statement } from "../../../lib/access/statement.ts";
import { fc } from "../../support/fast-check.ts";

const allow = (actions: string, resources = "*", condition?: Condition): Statement => ({
  effect: "allow",
  actions: actions.split(" "),
  resources: resources.split(" "),
  ...(condition && { condition }),
});
const deny = (...args: Parameters<typeof allow>): Statement => ({ ...allow(...args), effect: "deny" });
const builtIn = (name: string): readonly Statement[] =>
  BUILT_IN_ROLES.find((role) => role.name === name)?.statements ?? [];

describe("what one holds, one may give", () => {
  test.each<[string, readonly Statement[], readonly Statement[]]>([
    ["nothing", [], []],
    ["a role of denies", [], [deny("*")]],
    ["the same", [allow("volume:*", "volume/*")], [allow("volume:*", "volume/*")]],
    ["less of it", [allow("volume:*")], [allow("volume:create volume:*:x", "volume/res_* volume/res_1")]],
    ["from two statements", [allow("vm:*"), allow("volume:*")], [allow("vm:start volume:read", "x/1 x/2")]],
    ["part by part", [allow("a:*", "x/1"), allow("a:*", "x/2")], [allow("a:b", "x/1 x/2")]],
    ["under the same condition", [allow("*", "*", { owner: true })], [allow("*", "*", { owner: true })]],
    [
      "under the same condition, written otherwise",
      [allow("*", "*", { tags: { a: "1", b: "2" }, sessionKinds: ["workflow", "support"] })],
      [allow("*", "*", { sessionKinds: ["support", "workflow"], tags: { b: "2", a: "1" } })],
    ],
    [
      "under one condition more",
      [allow("*", "*", { owner: true })],
      [allow("*", "*", { owner: true, mfaWithinSeconds: 60 })],
    ],
    ["without a condition that one does not need", [allow("*")], [allow("vm:*", "*", { owner: true })]],
    ["beside one's own deny", [allow("*"), deny("volume:delete")], [allow("volume:read vm:*")]],
    [
      "with one's own deny carried along",
      [allow("*"), deny("volume:delete")],
      [allow("*"), deny("volume:delete")],
    ],
    ["with a wider deny", [allow("*"), deny("volume:delete")], [allow("*"), deny("*:delete")]],
    [
      "all built-in roles, by an owner",
      builtIn("owner"),
      BUILT_IN_ROLES.flatMap((role): readonly Statement[] => role.statements),
    ],
    ["member, by an admin", builtIn("admin"), builtIn("member")],
    ["admin, by an admin", builtIn("admin"), builtIn("admin")],
    ["read-only, by an admin", builtIn("admin"), builtIn("read-only")],
  ])("%s", (_, holder, after) => {
    expect(mayGrant({ holder, after })).toEqual({ granted: true });
  });
});

describe("what one does not hold, one may not give", () => {
  test.each<[string, readonly Statement[], readonly Statement[], string, string]>([
    ["anything, holding nothing", [], [allow("vm:start", "vm/1")], "vm:start", "vm/1"],
    ["all verbs, holding one", [allow("vm:start")], [allow("vm:*")], "vm:*", "*"],
    [
      "all resources, holding some",
      [allow("vm:*", "vm/res_*")],
      [allow("vm:start", "vm/*")],
      "vm:start",
      "vm/*",
    ],
    [
      "actions and resources crossed over",
      [allow("vm:*", "vm/*"), allow("volume:*", "volume/*")],
      [allow("vm:start volume:read", "vm/1 volume/1")],
      "vm:start",
      "volume/1",
    ],
    ["without the condition", [allow("*", "*", { owner: true })], [allow("vm:*")], "vm:*", "*"],
    [
      "under another condition",
      [allow("*", "*", { ipCidrs: ["192.0.2.0/24"] })],
      [allow("vm:*", "*", { ipCidrs: ["0.0.0.0/0"] })],
      "vm:*",
      "*",
    ],
    ["what is denied to one", [allow("*"), deny("volume:delete")], [allow("vm:* *:delete")], "*:delete", "*"],
    [
      "what is denied to one, spelt otherwise",
      [allow("*"), deny("volume:delete")],
      [allow("VOLUME:DELETE")],
      "VOLUME:DELETE",
      "*",
    ],
    ["with a narrower deny", [allow("*"), deny("*:delete")], [allow("*"), deny("volume:delete")], "*", "*"],
    [
      "with a deny under a condition",
      [allow("*"), deny("*:delete")],
      [allow("*"), deny("*:delete", "*", { owner: true })],
      "*",
      "*",
    ],
    ["owner, by an admin", builtIn("admin"), builtIn("owner"), "*", "*"],
    ["owner, by a member", builtIn("member"), builtIn("owner"), "*", "*"],
    ["read-only, by a member", builtIn("member"), builtIn("read-only"), "*:read", "*"],
  ])("%s", (_, holder, after, action, resource) => {
    expect(mayGrant({ holder, after })).toEqual({ granted: false, action, resource });
  });
});

describe("a change", () => {
  const before = [allow("volume:*"), deny("volume:delete")];

  test("of words alone gives nothing", () => {
    expect(mayGrant({ holder: [], before, after: before })).toEqual({ granted: true });
  });

  test("that takes away gives nothing", () => {
    expect(mayGrant({ holder: [], before, after: [deny("volume:*")] })).toEqual({ granted: true });
    expect(mayGrant({ holder: [], before, after: [allow("volume:read"), deny("volume:delete")] })).toEqual({
      granted: true,
    });
  });

  test("that adds is held to what is added", () => {
    const after = [...before, allow("vm:start")];
    expect(mayGrant({ holder: [allow("vm:*")], before, after })).toEqual({ granted: true });
    expect(mayGrant({ holder: before, before, after })).toEqual({
      granted: false,
      action: "vm:start",
      resource: "*",
    });
  });

  test("that lifts a deny gives what was denied: its own holder may not", () => {
    const after = [allow("volume:*")];
    expect(mayGrant({ holder: before, before, after })).toEqual({
      granted: false,
      action: "volume:delete",
      resource: "*",
    });
    expect(mayGrant({ holder: [allow("*")], before, after })).toEqual({ granted: true });
  });

  test("that puts a condition on a deny lifts it", () => {
    const after = [allow("volume:*"), deny("volume:delete", "*", { sessionKinds: ["workflow"] })];
    expect(mayGrant({ holder: before, before, after }).granted).toBe(false);
  });
});

describe("against all requests over a small alphabet", () => {
  const word = fc.stringMatching(/^[ab*]{1,3}$/);
  const condition = fc.constantFrom<Condition | undefined>(
    undefined,
    undefined,
    { owner: true },
    { sessionKinds: ["workflow"] },
    { owner: true, sessionKinds: ["workflow"] },
  );
  const statement = fc
    .record({
      effect: fc.constantFrom("allow" as const, "allow" as const, "deny" as const),
      actions: fc.array(word, { minLength: 1, maxLength: 2 }),
      resources: fc.array(word, { minLength: 1, maxLength: 2 }),
      condition,
    })
    .map(
      ({ condition: when, ...rest }): Statement => (when === undefined ? rest : { ...rest, condition: when }),
    );
  const statements = fc.array(statement, { maxLength: 3 });

  const letters = ["a", "b", "c"];
  const pairs = letters.flatMap((x) => letters.map((y) => x + y));
  const texts = [...letters, ...pairs, ...pairs.flatMap((xy) => letters.map((z) => xy + z))];
  const contexts: readonly AccessContext[] = [
    { nowMs: 0, callerId: "u", ownerId: "u", sessionKind: "workflow" },
    { nowMs: 0, callerId: "u", ownerId: "v", sessionKind: "workflow" },
    { nowMs: 0, callerId: "u", ownerId: "u", sessionKind: "interactive" },
    { nowMs: 0, callerId: "u", ownerId: "v", sessionKind: "interactive" },
  ];

  const allowedBy = (list: readonly Statement[]): ReadonlySet<string> => {
    const policy = compileRoles([{ name: "r", statements: list }]);
    const allowed = new Set<string>();
    for (const action of texts) {
      for (const resource of texts) {
        for (const [index, context] of contexts.entries()) {
          if (decide(policy, { action, resource, context }).allowed)
            allowed.add(`${action} ${resource} ${index}`);
        }
      }
    }
    return allowed;
  };

  test("what a granted change newly allows, its maker is allowed", () => {
    let grants = 0;
    fc.assert(
      fc.property(statements, statements, fc.nat(2), statements, (holder, before, kept, added) => {
        const after = [...before.slice(0, kept), ...added];
        if (!mayGrant({ holder, before, after }).granted) return;
        grants += 1;
        const held = allowedBy(holder);
        const had = allowedBy(before);
        const gained = [...allowedBy(after)].filter((request) => !had.has(request));
        expect(gained.filter((request) => !held.has(request))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
    expect(grants).toBeGreaterThan(100);
  });

  test("one may always give all that one has, and any one allow of an owner", () => {
    fc.assert(
      fc.property(statements, (holder) => {
        expect(mayGrant({ holder, after: holder })).toEqual({ granted: true });
        expect(mayGrant({ holder: [allow("*")], after: holder })).toEqual({ granted: true });
      }),
    );
  });
});

test("the largest roles are compared in well under a second", () => {
  const many = (letter: string) =>
    Array.from(
      { length: 100 },
      (_, statement): Statement => ({
        effect: "allow",
        actions: Array.from({ length: 50 }, (_unused, index) => `${letter}${statement}:${index}*`),
        resources: Array.from({ length: 50 }, (_unused, index) => `${letter}/${index}*`),
      }),
    );
  const startedAt = performance.now();
  expect(mayGrant({ holder: many("x"), after: many("x") })).toEqual({ granted: true });
  expect(mayGrant({ holder: many("x"), after: many("y") }).granted).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});

test.each([
  ["an admin, an owner", ["admin"], ["owner", "member"], false],
  ["an owner, another owner", ["owner"], ["owner"], true],
  ["an admin, another admin", ["admin"], ["admin"], true],
  ["a custom role, a member", ["people"], ["member"], true],
  ["somebody without roles, an owner", [], ["owner"], false],
])("%s may be managed: %#", (_, actorRoles, targetRoles, expected) => {
  expect(mayManageUser({ userId: "usr_1", roles: actorRoles }, { userId: "usr_2", roles: targetRoles })).toBe(
    expected,
  );
});

test("an owner whose session has fewer roles may still manage themselves", () => {
  expect(mayManageUser({ userId: "usr_1", roles: ["member"] }, { userId: "usr_1", roles: ["owner"] })).toBe(
    true,
  );
});
