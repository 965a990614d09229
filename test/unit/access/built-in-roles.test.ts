import { BUILT_IN_ROLES, isReservedRoleName, OPERATOR_ROLE } from "../../../lib/access/built-in-roles.ts";
import { couldAllow, decide } from "../../../lib/access/decide.ts";
import { PERMISSIONS } from "../../../lib/access/permission.ts";
import { createRoleBook } from "../../../lib/access/role-book.ts";

const COLUMNS = ["owner", "admin", "member", "read-only", "billing", "auditor", "support-agent"] as const;

// + allowed, o allowed on what the caller made, - denied; one column for each of COLUMNS, then the operator.
const MATRIX = `
  resource:list          + + + + - - -   -
  resource:create        + + + - - - -   -
  resource:read          + + + + - - -   -
  resource:update        + + + - - - -   -
  resource:delete        + + + - - - -   -
  resource:start         + + + - - - -   -
  resource:stop          + + + - - - -   -
  resource:scale         + + + - - - -   -
  resource:attach        + + + - - - -   -
  resource:detach        + + + - - - -   -
  resource:attach-volume + + + - - - -   -
  resource:detach-volume + + + - - - -   -
  resource:ingest        + + + - - - -   -
  session:list           + + o + - - -   -
  session:read           + + o + - - -   -
  session:revoke         + + o - - - -   -
  tenant:read            + + - + - - -   +
  tenant:update          + + - - - - -   +
  tenant:delete          + - - - - - -   -
  role:list              + + - + - - -   -
  role:create            + + - - - - -   -
  role:read              + + - + - - -   -
  role:update            + + - - - - -   -
  role:delete            + + - - - - -   -
  user:list              + + - + - - -   -
  user:create            + + - - - - -   -
  user:read              + + - + - - -   -
  user:update            + + - - - - -   -
  user:delete            + + - - - - -   -
  activity:list          + + - + - + -   -
  activity:ingest        + + - - - + -   -
  activity:export        + + - - - + -   -
  activity:prove         + + - - - + -   -
  alert:list             + + - + - + -   -
  alert:read             + + - + - + -   -
  alert:acknowledge      + + - - - - -   -
  alert:close            + + - - - - -   -
  alert:update           + + - - - - -   -
  usage:read             + + o + + - -   -
  usage:ingest           + + + - - - -   -
  invoice:read           + + - + + - -   -
  ratecard:read          + + - + + - -   +
  webhook:list           + + - + - - -   -
  webhook:create         + + - - - - -   -
  webhook:read           + + - + - - -   -
  webhook:update         + + - - - - -   -
  webhook:delete         + + - - - - -   -
  budget:read            + + - + + - -   -
  budget:update          + + - - + - -   -
  apikey:list            + + - + - - -   -
  apikey:create          + + - - - - -   -
  apikey:delete          + + - - - - -   -
  workflow:read          + + - + - - -   -
  workflow:update        + + - - - - -   -
  workflow:end           + + - - - - -   -
  support:grant          + + o - - - -   -
  support:view           + + - - - - -   -
  access:evaluate        + + - - - - -   -
  tenant:list            - - - - - - -   +
  tenant:create          - - - - - - -   +
  ratecard:update        - - - - - - -   +
  billing:run            - - - - - - -   +
  session:import         - - - - - - -   +
`;

const ROWS = MATRIX.trim()
  .split("\n")
  .flatMap((line) => {
    const [permission = "", ...cells] = line.trim().split(/ +/);
    const [noun, verb = ""] = permission.split(":");
    const nouns =
      noun === "resource" ? ["vm", "volume", "database", "load_balancer", "instance_group"] : [noun];
    return nouns.map((each) => [`${each}:${verb}`, cells] as const);
  });

const ordinary = createRoleBook({ customRoles: [], isPlatform: false });
const platform = createRoleBook({ customRoles: [], isPlatform: true });

function cell(book: typeof ordinary, role: string, action: string): string {
  const policy = book.policyFor({ held: [role] });
  const isAllowed = (ownerId: string) =>
    decide(policy, { action, resource: "thing/1", context: { nowMs: 0, callerId: "usr_1", ownerId } })
      .allowed;
  if (isAllowed("usr_2")) return "+";
  return isAllowed("usr_1") ? "o" : "-";
}

test("every permission has its row", () => {
  expect(ROWS.map(([permission]) => permission).sort()).toEqual([...PERMISSIONS].sort());
});

test.each(ROWS)("%s is allowed to %j", (permission, cells) => {
  expect(COLUMNS.map((role) => cell(ordinary, role, permission))).toEqual(cells.slice(0, -1));
  expect(cell(platform, "operator", permission)).toBe(cells.at(-1));
});

test("there are seven built-in roles, and one more on the platform", () => {
  expect(BUILT_IN_ROLES.map((role) => role.name)).toEqual(COLUMNS);
  expect(platform.roles.map((role) => role.name)).toEqual([...COLUMNS, "operator"]);
});

test("in an ordinary tenant the operator's role does not exist, and a made-up one gives nothing of the platform", () => {
  expect(ordinary.find("operator")).toBeUndefined();
  expect(couldAllow(ordinary.policyFor({ held: ["operator"] }), "tenant:list")).toBe(false);
  const book = createRoleBook({ customRoles: [{ ...OPERATOR_ROLE, name: "own" }], isPlatform: false });
  expect(cell(book, "own", "tenant:create")).toBe("-");
});

test("a custom role never takes the place of a built-in one", () => {
  const book = createRoleBook({
    customRoles: [
      {
        name: "member",
        description: "",
        statements: [{ effect: "allow", actions: ["*"], resources: ["*"] }],
        version: 1,
      },
    ],
    isPlatform: false,
  });
  expect(cell(book, "member", "role:create")).toBe("-");
  expect(book.roles.map((role) => role.name)).toEqual(COLUMNS);
});

test.each([
  ["owner", true],
  ["Owner", true],
  ["SUPPORT-AGENT", true],
  ["operator", true],
  ["platform", true],
  ["owners", false],
  ["ops", false],
])("the name %s is reserved: %s", (name, expected) => {
  expect(isReservedRoleName(name)).toBe(expected);
});

test("a set of roles is compiled once, in whatever order it is named", () => {
  expect(ordinary.policyFor({ held: ["member", "billing"] })).toBe(
    ordinary.policyFor({ held: ["billing", "member"] }),
  );
});
