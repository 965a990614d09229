import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { isReservedRoleName } from "../access/built-in-roles.ts";
import { MAX_CUSTOM_ROLES, type RoleStore } from "../access/role-store.ts";
import type { Role } from "../access/statement.ts";
import { changesBetween } from "../activity/changes.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded, type GuardedWrite } from "./guarded-write.ts";
import { tenantKey } from "./identity-item.ts";
import { type Item, toAttribute, toItem } from "./item.ts";
import { ConditionRefused, commit } from "./transact.ts";

/** The tenants' own roles in the identity table. The attribute `holders` counts who has one. */
export function roleTable(client: DynamoDBClient = dynamoClient()): RoleStore {
  return {
    add: (tenantId, role, trail) => {
      trail.changed(changesBetween({}, recordedRole(role)));
      const writes = [
        { write: addition(tenantId, role), refusal: "taken" },
        { write: moveVersion(tenantId, 1), refusal: "full" },
      ] as const;
      return commitGuarded(client, writes, { trail });
    },
    replace: ({ tenantId, before, after }, trail) => {
      trail.changed(changesBetween(recordedRole(before), recordedRole(after)));
      const writes = [
        { write: replacement(tenantId, before, after), refusal: "moved" },
        { write: moveVersion(tenantId, 0), refusal: "moved" },
      ] as const;
      return commitGuarded(client, writes, { trail });
    },
    remove: async (tenantId, role, trail) => {
      try {
        await commit(client, { writes: [removal(tenantId, role), moveVersion(tenantId, -1)], trail });
        return "done";
      } catch (thrown) {
        if (!(thrown instanceof ConditionRefused)) throw thrown;
        const holders = Number(thrown.refused.get(0)?.["holders"]?.N ?? 0);
        return holders > 0 ? "in_use" : "moved";
      }
    },
  };
}

/** The key of a role's row. */
function roleKey(tenantId: string, name: string): Item {
  return { pk: { S: tenantId }, sk: { S: `role#${name}` } };
}

/** Who gets and who loses which roles of the tenant's own. */
export interface RolesMoved {
  readonly tenantId: string;
  /** Roles as they were when it was decided that they may be given. */
  readonly given: readonly Role[];
  /** Names; built-in ones are left aside. */
  readonly taken: readonly string[];
}

/**
 * Counts the holders of roles, in the transaction that gives or takes them: a role that is held is not deleted, one
 * that is deleted is not given, and none is given that has changed since its giver was found to hold it.
 */
export function countHolders({
  tenantId,
  given,
  taken,
}: RolesMoved): readonly GuardedWrite<"role_changed">[] {
  const gives = given
    .filter(({ name }) => !isReservedRoleName(name))
    .map(({ name, version }) => holderWrite(roleKey(tenantId, name), 1, version));
  const takes = taken
    .filter((name) => !isReservedRoleName(name))
    .map((name) => holderWrite(roleKey(tenantId, name), -1, undefined));
  return [...gives, ...takes].map((write) => ({ write, refusal: "role_changed" }));
}

function holderWrite(key: Item, by: number, version: number | undefined): TransactWriteItem {
  return {
    Update: {
      TableName: env.identityTable,
      Key: key,
      UpdateExpression: "ADD holders :by",
      ConditionExpression: version === undefined ? "attribute_exists(pk)" : "version = :version",
      ExpressionAttributeValues: {
        ":by": toAttribute(by),
        ...(version === undefined ? {} : { ":version": toAttribute(version) }),
      },
    },
  };
}

function recordedRole({ description, statements }: Role) {
  return { description, statements };
}

function addition(tenantId: string, role: Role): TransactWriteItem {
  const { name, description, statements, version } = role;
  return {
    Put: {
      TableName: env.identityTable,
      Item: { ...roleKey(tenantId, name), ...toItem({ name, description, statements, version }) },
      ConditionExpression: "attribute_not_exists(pk)",
    },
  };
}

/** Moves the version that compiled roles are known by, and counts the roles. */
function moveVersion(tenantId: string, roles: number): TransactWriteItem {
  return {
    Update: {
      TableName: env.identityTable,
      Key: tenantKey(tenantId),
      UpdateExpression: "ADD rolesVersion :one, roleCount :roles",
      ConditionExpression:
        roles > 0
          ? "attribute_exists(pk) AND (attribute_not_exists(roleCount) OR roleCount < :most)"
          : "attribute_exists(pk)",
      ExpressionAttributeValues: {
        ":one": { N: "1" },
        ":roles": toAttribute(roles),
        ...(roles > 0 ? { ":most": toAttribute(MAX_CUSTOM_ROLES) } : {}),
      },
    },
  };
}

function replacement(tenantId: string, before: Role, after: Role): TransactWriteItem {
  return {
    Update: {
      TableName: env.identityTable,
      Key: roleKey(tenantId, before.name),
      UpdateExpression: "SET description = :description, statements = :statements, version = :next",
      ConditionExpression: "version = :before",
      ExpressionAttributeValues: toItem({
        ":description": after.description,
        ":statements": after.statements,
        ":next": after.version,
        ":before": before.version,
      }),
    },
  };
}

function removal(tenantId: string, role: Role): TransactWriteItem {
  return {
    Delete: {
      TableName: env.identityTable,
      Key: roleKey(tenantId, role.name),
      ConditionExpression: "version = :before AND (attribute_not_exists(holders) OR holders <= :none)",
      ExpressionAttributeValues: { ":before": toAttribute(role.version), ":none": { N: "0" } },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}
