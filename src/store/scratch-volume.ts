import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, statfsSync } from "node:fs"
import { join } from "node:path"
import { Effect, Schema, type Scope } from "effect"
import { emptyVoxels, type VoxelType, voxelBytes } from "../formats/voxel-type.ts"
import type { Triple } from "../image/brick.ts"
import { systemReason } from "./errors.ts"
import type { ScratchArrays, ScratchVolume } from "./scratch-box.ts"

export { readScratch, type ScratchVolume } from "./scratch-box.ts"

/** A scratch file that cannot be made, written or read: no space, no permission, a disk in trouble. */
export class ScratchUnusable extends Schema.TaggedError<ScratchUnusable>()("ScratchUnusable", {
  path: Schema.String,
  /** Code of the operating system, such as ENOSPC */
  code: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: cannot be used for intermediate volumes: ${this.reason}`
  }
}

/** What the operating system has said, as an error of the world. */
export const scratchUnusable = (path: string, cause: unknown): ScratchUnusable =>
  new ScratchUnusable({ path, ...systemReason(cause) })

/** Where the intermediate volumes of one piece of work lie. */
export interface ScratchSpace {
  /** Makes a volume of zeros, which goes with the space. */
  readonly volume: <T extends VoxelType>(type: T, name: string) => Effect.Effect<ScratchVolume<T>, ScratchUnusable>
  /** Gives the file of a volume back before its time. */
  readonly release: (volume: ScratchVolume) => Effect.Effect<void>
  /** For messages */
  readonly path: string
}

/** Volumes in memory that threads share. */
export const scratchInMemory = (shape: Triple): ScratchSpace => ({
  volume: (type) =>
    Effect.sync(() => {
      const [x, y, z] = shape
      const buffer = new SharedArrayBuffer(x * y * z * voxelBytes(type))
      const Values = emptyVoxels(type, 0).constructor as new (all: SharedArrayBuffer) => ScratchArrays[typeof type]
      return { shape, type, place: { kind: "memory", values: new Values(buffer) } as const }
    }),
  release: () => Effect.void,
  path: "memory",
})

/**
 * Volumes in files of a folder of their own, which is removed with the scope.
 * @param folder  where that folder is made
 * @param needed  bytes that the volumes will take; refused at once where the disk has less
 */
export const scratchOnDisk = (
  shape: Triple,
  folder: string,
  needed: number,
): Effect.Effect<ScratchSpace, ScratchUnusable, Scope.Scope> =>
  Effect.gen(function* () {
    const free = yield* Effect.try({
      try: () => {
        const { bavail, bsize } = statfsSync(folder)
        return bavail * bsize
      },
      catch: (cause) => scratchUnusable(folder, cause),
    })
    if (free < needed) {
      const [wanted, left] = [needed, free].map((bytes) => `${(bytes / 1e9).toFixed(1)} GB`)
      const reason = `${wanted} are needed for a time and ${left} are free`
      return yield* new ScratchUnusable({ path: folder, code: "ENOSPC", reason })
    }
    const open = new Map<string, number>()
    const own = yield* Effect.acquireRelease(
      Effect.try({
        try: () => mkdtempSync(join(folder, "synchrode-")),
        catch: (cause) => scratchUnusable(folder, cause),
      }),
      (path) =>
        Effect.sync(() => {
          for (const descriptor of open.values()) closeSync(descriptor)
          rmSync(path, { recursive: true, force: true })
        }),
    )
    const space: ScratchSpace = {
      path: own,
      volume: (type, name) =>
        Effect.try({
          try: () => {
            const path = join(own, `${name}.raw`)
            const descriptor = openSync(path, "wx+", 0o600)
            open.set(path, descriptor)
            // A file without a name goes with the process, however that ends; Windows cannot.
            if (process.platform !== "win32") rmSync(path)
            const [x, y, z] = shape
            ftruncateSync(descriptor, x * y * z * voxelBytes(type))
            return { shape, type, place: { kind: "file", path, descriptor } as const }
          },
          catch: (cause) => scratchUnusable(join(own, `${name}.raw`), cause),
        }),
      release: ({ place }) =>
        Effect.sync(() => {
          if (place.kind !== "file" || !open.delete(place.path)) return
          closeSync(place.descriptor)
          rmSync(place.path, { force: true })
        }),
    }
    return space
  })
