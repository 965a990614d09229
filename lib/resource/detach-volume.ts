import { AppError } from "../errors.ts";
import { openVolume, type VolumeChange } from "./attach-volume.ts";
import { type ChangeDeps, changeResource } from "./change-resource.ts";
import type { Resource } from "./resource.ts";

/**
 * Detaches a volume from its machine.
 * @throws AppError as `changeResource`; `conflict` for a volume that this machine does not have
 */
export async function detachVolume(deps: ChangeDeps, input: VolumeChange): Promise<Resource> {
  return await changeResource(deps, {
    ...input,
    plan: async ({ volumeIds }) => {
      await openVolume(deps, input);
      if (!volumeIds.includes(input.volumeId)) {
        throw new AppError("conflict", "The volume is not attached to this vm.");
      }
      return { is: "operation", operation: { kind: "detach_volume", volumeId: input.volumeId } };
    },
  });
}
