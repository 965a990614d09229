/**
 * Guarantees against somebody who writes roles or asks for actions in bad faith: a deny wins wherever it stands and
 * however the action is spelt, a deny is not shed by asking for fewer roles, and no pattern is slow.
 */
import { compileRoles } from "../../../lib/access/compile-roles.ts";
import { decide } from "../../../lib/access/decide.ts";
import { createRoleBook } from "../../../lib/access/role-book.ts";
import type { Role, Statement } from "../../../lib/access/statement.ts";

const allow = (actions: string, resources = "*"): Statement => ({
  effect: "allow",
  actions: [actions],
  resources: [resources],
});
const deny = (actions: string, resources = "*"): Statement => ({
  ...allow(actions, resources),
  effect: "deny",
});
const role = (name: string, statements: readonly Statement[]): Role => ({
  name,
  description: "",
  statements,
  version: 1,
});

const isAllowed = (roles: readonly Role[], action: string, resource = "volume/res_1"): boolean =>
  decide(compileRoles(roles), { action, resource, context: { nowMs: 0 } }).allowed;

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

describe("A10 deny wins", () => {
  const cases: readonly (readonly [string, readonly Statement[]])[] = [
    ["allow * and deny one action", [allow("*"), deny("volume:delete")]],
    ["deny * and allow one action", [deny("*"), allow("volume:delete")]],
    ["exact allow and wildcard deny", [allow("volume:delete", "volume/res_1"), deny("*:delete", "volume/*")]],
    ["wildcard allow and exact deny", [allow("volume:*"), deny("volume:delete", "volume/res_1")]],
    ["several of each", [allow("*"), allow("volume:*"), deny("volume:delete"), allow("volume:delete")]],
    ["two denies", [deny("vm:*"), allow("*"), deny("*:delete"), allow("*:delete", "volume/*")]],
  ];

  test.each(cases)("in every order: %s", (_, statements) => {
    for (const order of permutations(statements)) {
      expect(isAllowed([role("one", order)], "volume:delete")).toBe(false);
    }
  });

  test.each(cases)("in every order of roles: %s", (_, statements) => {
    const roles = statements.map((statement, index) => role(`r${index}`, [statement]));
    for (const order of permutations(roles)) expect(isAllowed(order, "volume:delete")).toBe(false);
  });

  test.each(["Volume:delete", "VOLUME:DELETE", "volume:Delete"])(
    "however the action is spelt: %s",
    (action) => {
      expect(isAllowed([role("r", [allow("*"), deny("volume:delete")])], action)).toBe(false);
      expect(isAllowed([role("r", [allow("*"), deny(action)])], "volume:delete")).toBe(false);
      expect(isAllowed([role("r", [allow(action)])], "volume:delete")).toBe(false);
    },
  );

  test("where the request names no one thing, a deny of the whole type applies", () => {
    expect(
      isAllowed([role("r", [allow("*"), deny("volume:create", "volume/*")])], "volume:create", "*"),
    ).toBe(false);
  });
});

describe("fewer roles", () => {
  const book = createRoleBook({
    isPlatform: false,
    customRoles: [role("builder", [allow("volume:*")]), role("careful", [deny("*:delete"), allow("vm:*")])],
  });
  const ask = (action: string, held: string[], active?: string[]) =>
    decide(book.policyFor({ held, ...(active && { active }) }), {
      action,
      resource: "volume/res_1",
      context: { nowMs: 0 },
    });

  test("leave their holder's denies in force, and name the role they come from", () => {
    expect(ask("volume:delete", ["builder", "careful"], ["builder"])).toMatchObject({
      allowed: false,
      reason: "denied_by_statement",
      role: "careful",
      statementIndex: 0,
    });
    expect(ask("volume:create", ["builder", "careful"], ["builder"]).allowed).toBe(true);
  });

  test("allow nothing that only a role left out allows", () => {
    expect(ask("vm:start", ["builder", "careful"], ["builder"]).allowed).toBe(false);
    expect(ask("vm:start", ["builder", "careful"]).allowed).toBe(true);
  });

  test("count only as long as the user has them", () => {
    expect(ask("volume:create", ["careful"], ["builder", "careful"]).allowed).toBe(false);
  });

  test("are not taken for more, whatever the roles are called", () => {
    const named = ["a", "of", "them", "z"].map((name) => role(name, [allow("*")]));
    const { policyFor } = createRoleBook({ isPlatform: false, customRoles: named });
    const request = { action: "vm:start", resource: "vm/res_1", context: { nowMs: 0 } };
    expect(decide(policyFor({ held: ["a", "of", "them", "z"] }), request).allowed).toBe(true);
    expect(decide(policyFor({ held: ["a"], active: ["z"] }), request).allowed).toBe(false);
  });
});

describe("no pattern is slow", () => {
  const patterns = [
    "****a****".repeat(14),
    "*a".repeat(64),
    "a*".repeat(64),
    `${"*ab".repeat(42)}*c`,
    "*".repeat(128),
  ];
  const texts = ["a".repeat(128), "ab".repeat(5000), "b".repeat(10_000), `${"a".repeat(10_000)}b`];

  test("100 statements of 50 of the worst decide in milliseconds", () => {
    const many = Array.from({ length: 50 }, (_, index) => patterns[index % patterns.length] ?? "*");
    const statements = Array.from(
      { length: 100 },
      (): Statement => ({
        effect: "deny",
        actions: many.map((pattern) => `${pattern}x`),
        resources: many,
      }),
    );
    const policy = compileRoles([role("worst", statements)]);
    const startedAt = performance.now();
    for (const text of texts) {
      expect(decide(policy, { action: text, resource: text, context: { nowMs: 0 } }).allowed).toBe(false);
    }
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
