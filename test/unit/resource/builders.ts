import type { Resource } from "../../../lib/resource/resource.ts";

/** A machine that runs; what a test is about comes as `change`. */
export function vm(change: Partial<Resource> = {}): Resource {
  return {
    tenantId: "ten_1",
    resourceId: "res_1",
    name: "web-1",
    tags: {},
    blueprint: { type: "vm", spec: { vcpus: 2, memoryGiB: 0.5, image: "debian-13" } },
    state: "running",
    provider: "local",
    ownerId: "usr_1",
    ownerSessionId: "ses_1",
    holders: [],
    volumeIds: [],
    usedBy: [],
    createdAtMs: 1000,
    updatedAtMs: 1000,
    revision: 3,
    version: 7,
    ...change,
  };
}
