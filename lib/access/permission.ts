const RESOURCE_TYPES = ["vm", "volume", "database", "load_balancer", "instance_group"] as const;

/** What can be done with a resource of section 7, whatever its type: what a type cannot do is refused after it is allowed. */
const RESOURCE_VERBS = [
  "list",
  "create",
  "read",
  "update",
  "delete",
  "start",
  "stop",
  "scale",
  "attach",
  "detach",
  "attach-volume",
  "detach-volume",
  "ingest",
] as const;

/**
 * What only the platform's operator may do, whatever the roles of an ordinary tenant say. Reading and changing
 * another tenant's entry is `tenant:read` and `tenant:update` on `tenant/<its id>`, which is in reach from the
 * platform's own tenant alone.
 */
export const OPERATOR_PERMISSIONS = [
  "tenant:list",
  "tenant:create",
  "ratecard:update",
  "billing:run",
  "session:import",
] as const;

const OTHER_PERMISSIONS = [
  "session:list",
  "session:read",
  "session:revoke",
  "tenant:read",
  "tenant:update",
  "tenant:delete",
  "role:list",
  "role:create",
  "role:read",
  "role:update",
  "role:delete",
  "user:list",
  "user:create",
  "user:read",
  "user:update",
  "user:delete",
  "activity:list",
  "activity:ingest",
  "activity:export",
  "activity:prove",
  "alert:list",
  "alert:read",
  "alert:acknowledge",
  "alert:close",
  "alert:update",
  "usage:read",
  "usage:ingest",
  "invoice:read",
  "ratecard:read",
  "budget:read",
  "budget:update",
  "webhook:list",
  "webhook:create",
  "webhook:read",
  "webhook:update",
  "webhook:delete",
  "apikey:list",
  "apikey:create",
  "apikey:delete",
  "workflow:read",
  "workflow:update",
  "workflow:end",
  "support:grant",
  "support:view",
  "access:evaluate",
] as const;

type ResourcePermission = `${(typeof RESOURCE_TYPES)[number]}:${(typeof RESOURCE_VERBS)[number]}`;

/**
 * Every permission that the API asks for (contract sections 4, 7, 9, 10 and 12). Platform services may have
 * others decided, which are plain text.
 */
export type Permission =
  | ResourcePermission
  | (typeof OPERATOR_PERMISSIONS)[number]
  | (typeof OTHER_PERMISSIONS)[number];

/** The catalogue: all permissions, those on resources first. */
export const PERMISSIONS: readonly Permission[] = [
  ...RESOURCE_TYPES.flatMap((type) => RESOURCE_VERBS.map((verb): ResourcePermission => `${type}:${verb}`)),
  ...OTHER_PERMISSIONS,
  ...OPERATOR_PERMISSIONS,
];
