import { isActingOwner, normaliseEmail, type User } from "../../../lib/identity/user.ts";

const owner: User = {
  tenantId: "ten_1",
  userId: "usr_1",
  email: "ada@example.com",
  name: "Ada",
  roles: ["owner"],
  disabled: false,
  status: "active",
  factorTypes: [],
  version: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
};

test.each([
  ["an owner", {}, true],
  ["an owner with other roles", { roles: ["member", "owner"] }, true],
  ["a disabled owner", { disabled: true }, false],
  ["an owner who has not accepted yet", { status: "invited" as const }, false],
  ["an admin", { roles: ["admin"] }, false],
])("%s can act for the tenant: %s", (_who, differences, expected) => {
  expect(isActingOwner({ ...owner, ...differences })).toBe(expected);
});

test.each([
  ["Ada@Example.COM", "ada@example.com"],
  ["ada+tag@example.com", "ada+tag@example.com"],
  ["ada@localhost", "ada@localhost"],
  ["ada@example.com.", undefined],
  ["ada@-example.com", undefined],
  ["ada@exam ple.com", undefined],
  ["@example.com", undefined],
  ["ada", undefined],
  ["\u212aim@example.com", undefined],
  ["\uff41da@example.com", undefined],
  [`${"a".repeat(65)}@example.com`, undefined],
  [`ada@${"a.".repeat(125)}com`, undefined],
])("the address %j is kept as %j", (address, expected) => {
  expect(normaliseEmail(address)).toBe(expected);
});
