import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, statfsSync } from "node:fs"
import { join } from "node:path"
import { Effect, Schema, type Scope } from "effect"
import { type Box, boxShape, type Triple } from "../image/brick.ts"
import { writeAll } from "./atomic.ts"
import { systemReason } from "./errors.ts"

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

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const

export type ScratchType = keyof typeof arrays
export type ScratchValues<T extends ScratchType = ScratchType> = InstanceType<(typeof arrays)[T]>

/**
 * An intermediate volume, in memory that threads share or in a file; x runs fastest and it begins as zeros. A plain
 * record: posted to another thread of this process it is the same volume there.
 */
export interface ScratchVolume<T extends ScratchType = ScratchType> {
  /** Voxels along x, y and z */
  readonly shape: Triple
  readonly type: T
  readonly place:
    | { readonly kind: "memory"; readonly values: ScratchValues<T> }
    | { readonly kind: "file"; readonly path: string; readonly descriptor: number }
}

/** A box and the values of its voxels; it may reach out of the volume that it is read from. */
export interface FilledBox<T extends ScratchType = ScratchType> extends Box {
  /** [voxel] of the box, x fastest; may be longer than the box */
  readonly values: ScratchValues<T>
}

/** Bytes of a voxel. */
export const scratchBytes = (type: ScratchType): number => arrays[type].BYTES_PER_ELEMENT

/** The part that two boxes share; empty or inside out where they share none. */
const shared = (a: Box, b: Box): Box => ({
  from: [Math.max(a.from[0], b.from[0]), Math.max(a.from[1], b.from[1]), Math.max(a.from[2], b.from[2])],
  to: [Math.min(a.to[0], b.to[0]), Math.min(a.to[1], b.to[1]), Math.min(a.to[2], b.to[2])],
})

const isEmpty = (box: Box): boolean => boxShape(box).some((edge) => edge <= 0)

/** Copies a box of voxels that lies in both arrays, rows at once. */
const copyPart = (part: Box, source: FilledBox, out: FilledBox): void => {
  const [sx, sy] = boxShape(source)
  const [ox, oy] = boxShape(out)
  const [length, height] = boxShape(part)
  const isWhole = length === sx && length === ox
  for (let z = part.from[2]; z < part.to[2]; z++) {
    let at = part.from[0] - source.from[0] + sx * (part.from[1] - source.from[1] + sy * (z - source.from[2]))
    let to = part.from[0] - out.from[0] + ox * (part.from[1] - out.from[1] + oy * (z - out.from[2]))
    if (isWhole) {
      out.values.set(source.values.subarray(at, at + length * height), to)
      continue
    }
    for (let y = 0; y < height; y++, at += sx, to += ox) out.values.set(source.values.subarray(at, at + length), to)
  }
}

const bytesOf = (values: ScratchValues): Uint8Array =>
  new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)

/** Fills all bytes from a position of a file. */
const readAll = (descriptor: number, bytes: Uint8Array, position: number): void => {
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(descriptor, bytes, done, bytes.length - done, position + done)
    if (read === 0) throw new Error(`the file ends at byte ${position + done}`)
    done += read
  }
}

const wholeOf = (shape: Triple): Box => ({ from: [0, 0, 0], to: shape })

/** Voxels held besides the box while a file is read or written. */
const bufferVoxels = 2 ** 18

/**
 * Reads what a box and the volume share; the rest of `out` is left as it is.
 * @throws what the operating system says
 */
export const readScratchInto = <T extends ScratchType>(volume: ScratchVolume<T>, out: FilledBox<T>): void => {
  const part = shared(out, wholeOf(volume.shape))
  if (isEmpty(part)) return
  const { place, shape, type } = volume
  if (place.kind === "memory") {
    copyPart(part, { ...wholeOf(shape), values: place.values }, out)
    return
  }
  const size = scratchBytes(type)
  const [nx, ny] = shape
  const [length, height] = boxShape(part)
  const [ox, oy] = boxShape(out)
  // Whole rows of a plane are read at once, also where only a part of each is wanted: fewer calls.
  const together = Math.max(1, Math.min(height, Math.floor(bufferVoxels / nx)))
  const isDirect = length === nx && length === ox
  const buffer = isDirect ? undefined : new arrays[type](together * nx)
  for (let z = part.from[2]; z < part.to[2]; z++)
    for (let y = part.from[1]; y < part.to[1]; y += together) {
      const rows = Math.min(together, part.to[1] - y)
      const first = part.from[0] + nx * (y + ny * z)
      const count = (rows - 1) * nx + length
      const to = part.from[0] - out.from[0] + ox * (y - out.from[1] + oy * (z - out.from[2]))
      if (buffer === undefined) {
        readAll(place.descriptor, bytesOf(out.values.subarray(to, to + count)), first * size)
        continue
      }
      readAll(place.descriptor, bytesOf(buffer.subarray(0, count)), first * size)
      for (let row = 0; row < rows; row++) out.values.set(buffer.subarray(row * nx, row * nx + length), to + row * ox)
    }
}

/** Values of a box inside the volume. @throws what the operating system says */
export const readScratch = <T extends ScratchType>(volume: ScratchVolume<T>, box: Box): ScratchValues<T> => {
  const [x, y, z] = boxShape(box)
  const values = new arrays[volume.type](x * y * z) as ScratchValues<T>
  readScratchInto(volume, { ...box, values })
  return values
}

/**
 * Writes a part of a filled box; parts that threads write at the same time must not overlap.
 * @param part in the box and in the volume
 * @throws what the operating system says
 */
export const writeScratch = <T extends ScratchType>(
  volume: ScratchVolume<T>,
  source: FilledBox<T>,
  part: Box = source,
): void => {
  const { place, shape, type } = volume
  if (place.kind === "memory") {
    copyPart(part, source, { ...wholeOf(shape), values: place.values })
    return
  }
  const size = scratchBytes(type)
  const [nx, ny] = shape
  const [sx, sy] = boxShape(source)
  const [length, height] = boxShape(part)
  // Whole rows are gathered and written at once; parts of rows one by one, as what lies between is not ours.
  const together = length === nx ? Math.max(1, Math.min(height, Math.floor(bufferVoxels / nx))) : 1
  const buffer = length === sx || together === 1 ? undefined : new arrays[type](together * nx)
  for (let z = part.from[2]; z < part.to[2]; z++)
    for (let y = part.from[1]; y < part.to[1]; y += together) {
      const rows = Math.min(together, part.to[1] - y)
      const at = part.from[0] - source.from[0] + sx * (y - source.from[1] + sy * (z - source.from[2]))
      const first = (part.from[0] + nx * (y + ny * z)) * size
      if (buffer === undefined) {
        writeAll(place.descriptor, bytesOf(source.values.subarray(at, at + rows * length)), first)
        continue
      }
      for (let row = 0; row < rows; row++)
        buffer.set(source.values.subarray(at + row * sx, at + row * sx + length), row * nx)
      writeAll(place.descriptor, bytesOf(buffer.subarray(0, rows * nx)), first)
    }
}

/** What the operating system has said, as an error of the world. */
export const scratchUnusable = (path: string, cause: unknown): ScratchUnusable =>
  new ScratchUnusable({ path, ...systemReason(cause) })

/** Where the intermediate volumes of one piece of work lie. */
export interface ScratchSpace {
  /** Makes a volume of zeros, which goes with the space. */
  readonly volume: <T extends ScratchType>(type: T, name: string) => Effect.Effect<ScratchVolume<T>, ScratchUnusable>
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
      const buffer = new SharedArrayBuffer(x * y * z * scratchBytes(type))
      const Values = arrays[type] as unknown as new (buffer: SharedArrayBuffer) => ScratchValues<typeof type>
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
            ftruncateSync(descriptor, x * y * z * scratchBytes(type))
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
