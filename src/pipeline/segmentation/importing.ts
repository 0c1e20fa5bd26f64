import { Effect } from "effect"
import type { TomogramUnreadable } from "../../formats/tomogram-errors.ts"
import type { VolumeSource, VoxelArray } from "../../formats/volume-source.ts"
import { voxelBytes } from "../../formats/voxel-type.ts"
import { type Box, bricksOf } from "../../image/brick.ts"
import { type GrayRange, grayRange } from "../../image/brickwise/gray.ts"
import { type ScratchVolume, writeScratch } from "../../store/scratch-box.ts"
import { type ScratchUnusable, scratchUnusable } from "../../store/scratch-volume.ts"
import { VolumeUnsuitable } from "./errors.ts"
import type { VolumeMeaning } from "./settings.ts"
import { type Site, shareOf } from "./site.ts"

type ImportError = TomogramUnreadable | ScratchUnusable | VolumeUnsuitable

/** Whole planes of a source, in multiples of what it stores together, as many as fit. */
const slabsOf = (source: VolumeSource, bytes: number): readonly Box[] => {
  const [nx, ny, nz] = source.shape
  // What decodes a file holds about as much again, and what was read before may not have been cleared away yet.
  const most = Math.max(1, Math.floor(bytes / (4 * nx * ny * voxelBytes(source.voxelType))))
  const stored = source.chunk[2]
  const wanted = Math.min(most, Math.max(stored, Math.ceil(nz / 8)))
  return bricksOf(source, [nx, ny, wanted > stored ? wanted - (wanted % stored) : wanted])
}

/** A voxel as a place in the volume. @param index within a box of whole planes */
const placeOf = ({ shape: [nx, ny] }: VolumeSource, box: Box, index: number): string =>
  `voxel (${index % nx}, ${Math.floor(index / nx) % ny}, ${box.from[2] + Math.floor(index / (nx * ny))})`

/** Reads a source once from beginning to end. */
const copied = (
  site: Site,
  source: VolumeSource,
  out: ScratchVolume,
  make: (values: VoxelArray, box: Box) => Effect.Effect<VoxelArray, VolumeUnsuitable>,
): Effect.Effect<void, ImportError> =>
  Effect.gen(function* () {
    const slabs = slabsOf(source, site.plan.bytes)
    for (const [k, box] of slabs.entries()) {
      yield* site.crew.tell("reading", shareOf(site, "importing"), k / slabs.length)
      const values = yield* make(yield* source.read(box), box)
      yield* Effect.try({
        try: () => writeScratch(out, { ...box, values }),
        catch: (cause) => scratchUnusable(site.space.path, cause),
      })
    }
    yield* site.crew.tell("reading", shareOf(site, "importing"), 1)
  })

/** Copies gray values as they are stored, and finds their range. */
export const importedGray = Effect.fn("importedGray")(function* (
  site: Site,
  source: VolumeSource,
): Effect.fn.Return<{ readonly gray: ScratchVolume; readonly range: GrayRange }, ImportError> {
  const gray = yield* site.space.volume(source.voxelType, "gray")
  let range: GrayRange = { lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY, firstBad: -1 }
  yield* copied(site, source, gray, (values, box) => {
    const { lowest, highest, firstBad } = grayRange(values)
    if (firstBad >= 0) {
      const place = placeOf(source, box, firstBad)
      const found = String(values[firstBad])
      return Effect.fail(new VolumeUnsuitable({ file: source.file, place, expected: "a finite gray value", found }))
    }
    range = { lowest: Math.min(range.lowest, lowest), highest: Math.max(range.highest, highest), firstBad: -1 }
    return Effect.succeed(values)
  })
  return { gray, range }
})

/** Copies phases as 0 void, 1 particle, 2 carbon/binder. */
export const importedPhases = Effect.fn("importedPhases")(function* (
  site: Site,
  source: VolumeSource,
  meaning: Extract<VolumeMeaning, { readonly kind: "phases" }>,
): Effect.fn.Return<ScratchVolume<"uint8">, ImportError> {
  const phases = yield* site.space.volume("uint8", "phases")
  const codes = new Map<number, number>()
  for (const [code, values] of [meaning.void, meaning.particle, meaning.carbonBinder].entries())
    for (const value of values) codes.set(value, code)
  /** Small whole values are looked up; 255 is no phase. */
  const table = Uint8Array.from({ length: 65536 }, (_, value) => codes.get(value) ?? 255)
  yield* copied(site, source, phases, (values, box) => {
    const out = new Uint8Array(values.length)
    for (let i = 0; i < out.length; i++) {
      const value = values[i]
      const code = table[value] ?? codes.get(value) ?? 255
      if (code === 255) {
        const known = [...codes.keys()].sort((a, b) => a - b).join(", ")
        const expected = `a value that is said to be a phase (${known})`
        const place = placeOf(source, box, i)
        return Effect.fail(new VolumeUnsuitable({ file: source.file, place, expected, found: String(value) }))
      }
      out[i] = code
    }
    return Effect.succeed(out)
  })
  return phases
})

/** The highest label there may be: tables are as long. */
const highestLabel = 2 ** 27

/** Copies labels as they are. */
export const importedLabels = Effect.fn("importedLabels")(function* (
  site: Site,
  source: VolumeSource,
): Effect.fn.Return<ScratchVolume<"int32">, ImportError> {
  const labels = yield* site.space.volume("int32", "labels")
  yield* copied(site, source, labels, (values, box) => {
    const out = new Int32Array(values.length)
    for (let i = 0; i < out.length; i++) {
      const value = values[i]
      if (!(value >= 0 && value <= highestLabel && Number.isInteger(value))) {
        const expected = `a label, a whole number from 0 to ${highestLabel}`
        const place = placeOf(source, box, i)
        return Effect.fail(new VolumeUnsuitable({ file: source.file, place, expected, found: String(value) }))
      }
      out[i] = value
    }
    return Effect.succeed(out)
  })
  return labels
})
