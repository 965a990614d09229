import type { Trail } from "../activity/trail.ts";
import type { EpochMs } from "../time.ts";
import type { GaugeReading } from "../usage/usage.ts";
import type { Resource, ResourceState, ResourceType } from "./resource.ts";

/** What a list asks for. */
export interface ResourceQuery {
  readonly tenantId: string;
  readonly type?: ResourceType;
  /** Without one, all that are not deleted. */
  readonly state?: ResourceState;
  /** Those that this session holds now. */
  readonly sessionId?: string;
  /** 1 to 200. */
  readonly limit: number;
  readonly afterId?: string;
}

/** One page, newest first, with the id to go on from when there may be more. */
export interface ResourcePage {
  readonly resources: readonly Resource[];
  readonly nextAfterId?: string;
}

/**
 * One change of one resource. `after.version` is one above `before.version`; links of what it uses and the rows of
 * who held it when follow from the difference.
 */
export interface ResourceWrite {
  readonly before?: Resource;
  readonly after: Resource;
  readonly atMs: EpochMs;
  readonly readings: readonly GaugeReading[];
}

/** How a change goes on record: by a trail, whose `changes` follow from the write, or not at all while nothing shows. */
export interface Recording {
  readonly trail?: Trail;
  /** What the record says that the resource becomes, where that is not yet what is written. */
  readonly shown?: Resource;
}

/**
 * What came of a write: `stale` when the resource was changed or made before, `in_use` when something began to use it
 * that its deletion would leave hanging, `unusable` when what it would use has gone or belongs to another.
 */
export type SaveOutcome = "saved" | "stale" | "in_use" | "unusable";

/** The resources of every tenant. A write, its readings, its attachments and its record are one transaction. */
export interface ResourceStore {
  get(tenantId: string, resourceId: string): Promise<Resource | undefined>;
  getMany(tenantId: string, resourceIds: readonly string[]): Promise<readonly Resource[]>;
  list(query: ResourceQuery): Promise<ResourcePage>;
  save(write: ResourceWrite, recording: Recording): Promise<SaveOutcome>;
}
