import type { ActivityRecord, ResourceRef } from "../activity/activity.ts";
import type { Location } from "./rule.ts";

/** The user, key or role behind a record. Sessions of one role are one principal. */
export function principalOf(record: ActivityRecord): string {
  return textFact(record, "sessionIssuer") ?? record.actor.id;
}

/**
 * One tool in one place in the hands of one principal. The tool is known by the first three products that its
 * user agent names, versions and run ids aside; it is a claim, so that nothing but own work is ever excused
 * by it.
 */
export function clientOf(record: ActivityRecord): string {
  const products = record.userAgent
    .replace(/^\[|\]$/g, "")
    .replace(/\([^)]*\)/g, "")
    .split(/\s+/)
    .map((product) => product.replace(/\/.*$/, "").replace(/_[0-9a-f-]{36}$/, ""));
  return [principalOf(record), record.ip, ...products.slice(0, 3)].join("|");
}

/** A device by its user agent, with the versions left out that change with every update. */
export function deviceOf(userAgent: string): string {
  return userAgent
    .replace(/\/[\d._]+/g, "")
    .replace(/\brv:[\d.]+/g, "")
    .replace(/\b(Android|OS X|OS|NT) [\d._]+/g, "$1");
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/;

/** Whether a caller's address is one: AWS's own services come under their names. */
export function isAddress(ip: string): boolean {
  return IPV4.test(ip) || (ip.includes(":") && /^[0-9a-f:.]+$/i.test(ip));
}

/** The network of an address: /24 of IPv4, /48 of IPv6. Loopback addresses are hosts of their own. */
export function networkOf(ip: string): string {
  const [, a, b, c] = IPV4.exec(ip) ?? [];
  if (a === "127") return ip;
  if (a !== undefined) return `${a}.${b}.${c}.0/24`;
  const groups = ip.split("::")[0]?.split(":").slice(0, 3) ?? [];
  return groups.join("") === "" ? ip : `${groups.join(":").toLowerCase()}::/48`;
}

/**
 * An action without its noun (`DeleteTrail` of `cloudtrail:DeleteTrail`) and without the API version that
 * Lambda appends.
 */
export function verbOf(action: string): string {
  return action.slice(action.indexOf(":") + 1).replace(/\d{8}(v\d+)?$/, "");
}

const AWS_READ = /^(Get|List|Describe|Head|Lookup|Search|BatchGet|Query|Scan)/;
const OWN_READ = /^(read|list|view|get|simulate|evaluate)\b/;

/** Whether an action only looks. */
export function isRead(record: ActivityRecord): boolean {
  const stated = record.attributes?.["readOnly"];
  if (typeof stated === "boolean") return stated;
  const verb = verbOf(record.action);
  return AWS_READ.test(verb) || OWN_READ.test(verb);
}

const AWS_DELETION = /^(Delete|BatchDelete|Terminate|Deregister|Purge|Destroy|ScheduleKeyDeletion)/;
const OWN_DELETION = /^(delete|purge|terminate)\b/;
/** Settings of a thing, whose deletion leaves the thing where it is. */
const SETTING =
  /(Tags|Tagging|Policy|PolicyVersion|Lifecycle|Cors|Website|Encryption|Configuration|Route|Attribute)$/;

/** Whether an action takes something away for good. */
export function isDestructive(record: ActivityRecord): boolean {
  const verb = verbOf(record.action);
  return (AWS_DELETION.test(verb) && !SETTING.test(verb)) || OWN_DELETION.test(verb);
}

/** The service that this product's own work is done under. */
const OWN_SERVICE_ID = "active-session";

/** Whether a record is of what the platform does by itself: ending what timed out, opening an alert, scaling. */
export function isOwnWork({ source, actor }: ActivityRecord): boolean {
  return source === "system" && actor.type === "service" && actor.id === OWN_SERVICE_ID;
}

/** Whether a record is of a person signing in, by a password or by the end of a sign-in. */
export function isLogin(record: ActivityRecord): boolean {
  return record.action === "auth:login" || record.action === "signin:ConsoleLogin";
}

/** Whether a record shows that a person came in. */
export function isArrival(record: ActivityRecord): boolean {
  const isSignIn = isLogin(record) || record.action === "session:start";
  return (
    isSignIn && record.outcome === "success" && record.actor.type === "user" && record.workflow === undefined
  );
}

/**
 * Whether a record tells where its session is. A run's is in many places at once: its jobs are on whatever machines the
 * provider has, each with tools of its own.
 */
export function isPlaced(record: ActivityRecord): boolean {
  return record.source === "api" && record.workflow === undefined && isAddress(record.ip);
}

/** The things that a record made anew, by its own word. */
export function madeBy(record: ActivityRecord): readonly ResourceRef[] {
  if (record.outcome !== "success" || record.resource === undefined) return [];
  const makes =
    /^(Create|Run|Allocate|Register|Import|Copy|Restore|PutSecretValue$|PutParameter$)|^create\b/.test(
      verbOf(record.action),
    );
  return makes ? [record.resource, ...furtherTargets(record)] : [];
}

/** The secrets that a record read. */
export function secretsRead(record: ActivityRecord): readonly ResourceRef[] {
  const type = record.action.startsWith("ssm:") ? "parameter" : "secret";
  return textsFact(record, "secretNames").map((id) => ({ type, id }));
}

/** Everything that a record was about. */
export function subjectsOf(record: ActivityRecord): readonly ResourceRef[] {
  const own = record.resource === undefined ? [] : [record.resource];
  return [...own, ...furtherTargets(record), ...secretsRead(record)];
}

/** Where a caller is, by the record's own word: `latitude` and `longitude`, or a `location` with the two. */
export function statedLocation(record: ActivityRecord): Location | undefined {
  const stated: unknown = record.attributes?.["location"] ?? record.attributes?.["geo"] ?? record.attributes;
  if (typeof stated !== "object" || stated === null) return undefined;
  const { latitude, longitude }: { latitude?: unknown; longitude?: unknown } = stated;
  if (typeof latitude !== "number" || typeof longitude !== "number") return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

/** A fact of a record that is a text. */
export function textFact(record: ActivityRecord, name: string): string | undefined {
  const value = record.attributes?.[name];
  return typeof value === "string" ? value : undefined;
}

/** A fact of a record that is a list of texts; empty where it is anything else. */
export function textsFact(record: ActivityRecord, name: string): readonly string[] {
  const value = record.attributes?.[name];
  return Array.isArray(value) ? value.filter((element) => typeof element === "string") : [];
}

function furtherTargets(record: ActivityRecord): readonly ResourceRef[] {
  const type = record.resource?.type;
  if (type === undefined) return [];
  return textsFact(record, "targets").map((id) => ({ type, id }));
}
