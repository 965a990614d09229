import { AppError } from "../errors.ts";
import type { Order, Progress, Refusal, ThingRef } from "../resource/provider.ts";

/** Where in the account's network things go. */
export interface AwsNetwork {
  /** At least one; load balancers need two in different zones. The first one's zone has the volumes. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly vpcId: string;
  readonly availabilityZone: string;
}

/** Says which resource a thing is. */
export const RESOURCE_TAG = "active-session:resource";

/** Says which tenant a thing belongs to. */
export const TENANT_TAG = "active-session:tenant";

/** Things that one call describes. */
const DESCRIBE_MAX = 100;

/** A tag as AWS writes it; members are optional in what the SDK answers. */
export interface AwsTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** The tags of a thing: the tenant's own, and ours, which nobody can overwrite. */
export function tagsOf({ tenantId, resourceId, name, tags }: Order): { Key: string; Value: string }[] {
  const own = Object.entries(tags).filter(([key]) => !/^(aws|active-session):/i.test(key) && key !== "Name");
  return [
    { Key: RESOURCE_TAG, Value: resourceId },
    { Key: TENANT_TAG, Value: tenantId },
    { Key: "Name", Value: name.slice(0, 256) },
    // A thing has 50 tags at most.
    ...own.slice(0, 47).map(([Key, Value]) => ({ Key, Value })),
  ];
}

/** The value of one tag. */
export function tagOf(tags: readonly AwsTag[] | undefined, key: string): string | undefined {
  return tags?.find((tag) => tag.Key === key)?.Value;
}

/** A name made of the resource's id, where AWS wants names that are unique: 29 letters, digits and hyphens. */
export function nameFor({ resourceId }: Pick<ThingRef, "resourceId">): string {
  return `as-${resourceId.replace(/^res_/, "")}`;
}

/** The resource's id that a name was made of. */
export function resourceIdOf(name: string | undefined): string | undefined {
  return name?.startsWith("as-") === true ? `res_${name.slice("as-".length)}` : undefined;
}

const CAPACITY = /Insufficient|StorageQuota|NoCapacity/;
const QUOTA = /LimitExceeded|QuotaExceeded|TooMany(?!Requests)|LimitExceededFault/;
const STATE =
  /Incorrect(Instance)?State|InvalidDBInstanceState|InvalidVolume\.ZoneMismatch|InUse|ResourceContention/;
const TRANSIENT =
  /^(RequestLimitExceeded|Throttling|TooManyRequests|InternalError|InternalFailure|Unavailable|Service)/;

/**
 * Carries an order out, and says what AWS refused. What may pass is thrown: the order is then given again.
 * @throws AppError `unavailable`
 */
export async function asProgress(work: () => Promise<Progress>): Promise<Progress> {
  try {
    return await work();
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (refusal !== undefined) return { is: "refused", refusal };
    throw new AppError("unavailable", "The provider is not available: try again.", { cause: thrown });
  }
}

/** Whether AWS answered with an error of one of these names. */
export function isError(thrown: unknown, pattern: RegExp): boolean {
  return thrown instanceof Error && pattern.test(thrown.name);
}

/** Splits things into lists that one call can describe. */
export function batches<T>(things: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(things.length / DESCRIBE_MAX) }, (_, place) =>
    things.slice(place * DESCRIBE_MAX, (place + 1) * DESCRIBE_MAX),
  );
}

/** Says of one refusal what it is. AWS's own words stay out of it: they can name accounts and addresses. */
function refusalOf(thrown: unknown): Refusal | undefined {
  if (!(thrown instanceof Error) || !("$metadata" in thrown) || isError(thrown, TRANSIENT)) return undefined;
  const status =
    (thrown.$metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode ?? 400;
  if (isError(thrown, CAPACITY)) return { code: "capacity", message: "AWS has no capacity for this." };
  if (isError(thrown, QUOTA)) return { code: "quota", message: "A quota of the AWS account is used up." };
  if (isError(thrown, STATE)) return { code: "state", message: "AWS cannot do this in the present state." };
  if (status >= 500 || status === 429) return undefined;
  return { code: "rejected", message: `AWS refuses it: ${thrown.name}.` };
}
