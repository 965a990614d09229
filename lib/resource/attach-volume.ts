import { AppError, notFound } from "../errors.ts";
import { type Change, type ChangeDeps, changeResource } from "./change-resource.ts";
import type { Resource } from "./resource.ts";

/** The volume that a machine is to get, or to let go. */
export interface VolumeChange extends Omit<Change, "plan"> {
  readonly volumeId: string;
  /** Decides whether the volume may be used so. */
  readonly permitVolume: (volume: Resource) => void;
}

/**
 * Attaches a volume to a machine. A volume is attached to one machine at a time; attached once, nothing changes.
 * @throws AppError as `changeResource`; `conflict` for a volume that is in use or not there yet, `unprocessable` for
 * what is no volume
 */
export async function attachVolume(deps: ChangeDeps, input: VolumeChange): Promise<Resource> {
  return await changeResource(deps, {
    ...input,
    plan: async ({ resourceId, volumeIds }) => {
      const volume = await openVolume(deps, input);
      if (!volumeIds.includes(input.volumeId)) checkFree(volume, resourceId);
      return { is: "operation", operation: { kind: "attach_volume", volumeId: input.volumeId } };
    },
  });
}

/** Reads the volume of a change. @throws AppError `not_found`, `unprocessable`, and what `permitVolume` throws */
export async function openVolume(deps: ChangeDeps, input: VolumeChange): Promise<Resource> {
  const volume = await deps.resources.get(input.tenantId, input.volumeId);
  if (volume === undefined) throw notFound();
  input.permitVolume(volume);
  if (volume.blueprint.type !== "volume") {
    throw new AppError("unprocessable", "Only a volume can be attached to a vm.");
  }
  return volume;
}

function checkFree(volume: Resource, vmId: string): void {
  const user = volume.usedBy.find((id) => id !== vmId);
  if (user !== undefined) throw new AppError("conflict", "The volume is attached to another vm.");
  if (volume.state !== "running") {
    throw new AppError("conflict", `The volume is ${volume.state}.`, { members: { state: volume.state } });
  }
}
