import { Effect, type Scope } from "effect"
import type { TomogramUnreadable } from "../../formats/tomogram-errors.ts"
import type { VolumeSource } from "../../formats/volume-source.ts"
import { voxelBytes } from "../../formats/voxel-type.ts"
import type { Box, Triple } from "../../image/brick.ts"
import { voxelCount } from "../../image/volume.ts"
import { type ScratchVolume, writeScratch } from "../../store/scratch-box.ts"
import { type ScratchUnusable, scratchInMemory, scratchOnDisk, scratchUnusable } from "../../store/scratch-volume.ts"

/** Voxels that are read at once: arrays of some megabytes leave no large gaps behind. */
const slabVoxels = 2 ** 20

/** Slabs of whole planes, as thick as the file is stored, or thicker while they stay small. */
const slabsOf = ({ shape, chunk }: VolumeSource): readonly Box[] => {
  const [nx, ny, nz] = shape
  const plane = nx * ny
  const thickness = Math.max(1, Math.floor(slabVoxels / plane / chunk[2])) * chunk[2]
  const slabs: Box[] = []
  for (let z = 0; z < nz; z += thickness) slabs.push({ from: [0, 0, z], to: [nx, ny, Math.min(nz, z + thickness)] })
  return slabs
}

/**
 * The values of a file where crops are quickly cut from them, whatever its format: crops of a compressed file would
 * unpack the same planes again and again. In memory where a quarter of what may be taken is enough, otherwise on disk.
 * @param memory that the process may take [byte]
 * @param folder for a copy on disk
 */
export const volumeStore = Effect.fn("volumeStore")(function* (
  source: VolumeSource,
  name: string,
  memory: number,
  folder: string,
): Effect.fn.Return<ScratchVolume, TomogramUnreadable | ScratchUnusable, Scope.Scope> {
  const bytes = voxelCount(source) * voxelBytes(source.voxelType)
  const shape: Triple = source.shape
  const space = bytes <= memory / 4 ? scratchInMemory(shape) : yield* scratchOnDisk(shape, folder, bytes)
  const store = yield* space.volume(source.voxelType, name)
  for (const slab of slabsOf(source)) {
    const values = yield* source.read(slab)
    yield* Effect.try({
      try: () => writeScratch(store, { ...slab, values: values as never }),
      catch: (cause) => scratchUnusable(space.path, cause),
    })
  }
  return store
})
