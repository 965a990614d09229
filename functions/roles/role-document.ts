import * as z from "zod";
import { isReservedRoleName } from "../../lib/access/built-in-roles.ts";
import type { Role } from "../../lib/access/statement.ts";
import { StatementSchema, StatementsSchema } from "../../lib/http/statement-schema.ts";

/** The name of a role in a path or a body: what no name can be is refused, what is not there is not found. */
export const RoleName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
    "must be 1 to 64 of A-Z a-z 0-9 _ . - and begin with a letter or digit",
  )
  .meta({ examples: ["deployer"] });

/** What a role can do, as it is written. */
export const RoleContent = {
  description: z
    .string()
    .max(500)
    .regex(/^[^\p{Cc}]*$/u, "must be one line")
    .default(""),
  statements: StatementsSchema,
};

/** A role as the API shows it. */
export const RoleDocument = z
  .object({
    name: z.string(),
    description: z.string(),
    statements: z.array(StatementSchema),
    builtIn: z.boolean().describe("The same in every tenant, and unchangeable."),
  })
  .meta({ id: "Role" });

/** Shows a role. */
export function roleDocument({ name, description, statements }: Role) {
  return { name, description, statements, builtIn: isReservedRoleName(name) };
}
