import type { Actor } from "./activity.ts";
import { cut, type JsonObject, objectAt, textAt } from "./cloudtrail-json.ts";

const NAME_LENGTH_MAX = 256;
/** The session name that EC2 gives to an instance's own role session. */
const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;

/**
 * Names who made a call, from CloudTrail's `userIdentity`. People and the roles that they take on are users;
 * instances and AWS's own services are services; another account is external. Events that a service makes by
 * itself bear no type: they belong to the service that `invokedBy` names.
 */
export function actorOf(identity: JsonObject): Actor {
  const type = textAt(identity, "type");
  const invokedBy = textAt(identity, "invokedBy");
  const arn = textAt(identity, "arn");
  const id =
    arn ?? textAt(identity, "principalId") ?? invokedBy ?? textAt(identity, "accountId") ?? "unknown";
  return {
    type: actorTypeOf(type, identity),
    id: cut(id, NAME_LENGTH_MAX),
    name: cut(nameOf(type, identity) ?? id, NAME_LENGTH_MAX),
  };
}

/**
 * What more is known of the caller: the key and the session's issuer, and whether a second factor was used.
 */
export function identityFacts(identity: JsonObject): Readonly<Record<string, unknown>> {
  const session = objectAt(identity, "sessionContext");
  const issuer = objectAt(session, "sessionIssuer");
  const arn = textAt(identity, "arn");
  const texts: Readonly<Record<string, string | undefined>> = {
    principalType: textAt(identity, "type"),
    principalId: textAt(identity, "principalId"),
    accessKeyId: textAt(identity, "accessKeyId"),
    callerAccountId: textAt(identity, "accountId"),
    invokedBy: textAt(identity, "invokedBy"),
    sessionIssuer: textAt(issuer, "arn") ?? textAt(issuer, "userName"),
    sourceIdentity: textAt(session, "sourceIdentity"),
    roleSession: arn?.includes(":assumed-role/") ? arn.slice(arn.lastIndexOf("/") + 1) : undefined,
  };
  const facts: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(texts)) {
    if (text !== undefined) facts[name] = cut(text, NAME_LENGTH_MAX);
  }
  const mfa = textAt(objectAt(session, "attributes"), "mfaAuthenticated");
  if (mfa !== undefined) facts["mfa"] = mfa === "true";
  return facts;
}

function actorTypeOf(type: string | undefined, identity: JsonObject): Actor["type"] {
  switch (type) {
    case "Root":
    case "IAMUser":
    case "FederatedUser":
    case "SAMLUser":
    case "WebIdentityUser":
    case "IdentityCenterUser":
      return "user";
    case "AssumedRole":
    case "Role":
      return isWorkload(identity) ? "service" : "user";
    case "AWSService":
      return "service";
    default:
      return type === undefined && textAt(identity, "invokedBy") !== undefined ? "service" : "external";
  }
}

function isWorkload(identity: JsonObject): boolean {
  const arn = textAt(identity, "arn") ?? "";
  return (
    INSTANCE_ID.test(arn.slice(arn.lastIndexOf("/") + 1)) || arn.includes(":assumed-role/AWSServiceRole")
  );
}

function nameOf(type: string | undefined, identity: JsonObject): string | undefined {
  const arn = textAt(identity, "arn");
  const issuer = textAt(objectAt(objectAt(identity, "sessionContext"), "sessionIssuer"), "userName");
  if (type === "AssumedRole") return issuer ?? arn?.split("/").at(-2);
  const userName = textAt(identity, "userName") ?? textAt(objectAt(identity, "onBehalfOf"), "userId");
  if (userName !== undefined) return userName;
  if (type === "Root") return "root";
  return issuer ?? textAt(identity, "invokedBy") ?? arn?.split("/").at(-1) ?? textAt(identity, "accountId");
}
