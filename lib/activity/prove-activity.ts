import { AppError } from "../errors.ts";
import type { ActivityRecord } from "./activity.ts";
import type { ActivitySeeker, ActivitySeekerDeps } from "./activity-seeker.ts";
import { fromHex, type Sha256 } from "./merkle.ts";
import { readActivity } from "./read-activity.ts";
import { proveRecord, type RecordProof } from "./seal.ts";
import type { SealKey, SealStore } from "./seal-store.ts";

/** What proving a record needs. */
export interface ProveActivityDeps extends ActivitySeekerDeps {
  readonly seals: Pick<SealStore, "from" | "leavesOf">;
  readonly digest: Sha256;
  /** A record in the form that is proven. */
  readonly show: (record: ActivityRecord) => object;
}

/** A proof, and the public key that its seal was signed with. */
export interface KeyedProof extends RecordProof {
  readonly jwk: SealKey;
}

/**
 * Proves that a record is in the log as it was sealed: one's own always, another's with `activity:prove`.
 * @throws AppError `not_found` as for reading it, `access.denied`, `conflict` while no seal covers it
 */
export async function proveActivity(
  deps: ProveActivityDeps,
  seeker: ActivitySeeker,
  activityId: string,
): Promise<KeyedProof> {
  // Whoever may list the log sees the record, and is told that they may not have it proven.
  const mayI: ActivitySeeker["mayI"] = (asked) =>
    seeker.mayI({ ...asked, action: "activity:list" }) || seeker.mayI(asked);
  const record = await readActivity(deps, { ...seeker, mayI }, activityId);
  for await (const stored of deps.seals.from(record.tenantId, record.receivedAtMs)) {
    const leaves = await deps.seals.leavesOf(stored);
    const leafIndex = leaves.findIndex(([id]) => id === record.id);
    if (leafIndex === -1) continue;
    const hashes = leaves.map(([, hash]) => fromHex(hash) ?? new Uint8Array());
    const interval = { seal: stored.seal, leaves: hashes };
    const proof = proveRecord(deps.digest, interval, { record: deps.show(record), leafIndex });
    return { ...proof, jwk: stored.jwk };
  }
  throw new AppError("conflict", "The record is not sealed yet: it will be within the hour.");
}
