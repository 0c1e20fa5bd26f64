import { dirname, join, parse } from "node:path"
import { Effect } from "effect"
import { writeCsv } from "../formats/csv.ts"
import type { TomogramUnwritable } from "../formats/tomogram-errors.ts"
import { writeTiffStack } from "../formats/tomogram-writer.ts"
import { emptyVoxels } from "../formats/voxel-type.ts"
import { type Box, bricksOf } from "../image/brick.ts"
import type { PhantomVolumeSettings } from "../image/phantom-volume/settings.ts"
import { addTally, emptyTally, type ParticleTruth, particleTruths } from "../image/phantom-volume/truth.ts"
import { type PhantomPart, phantomBox, phantomVolume } from "../image/phantom-volume/volume.ts"
import { gridOf, voxelCount } from "../image/volume.ts"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnwritable } from "../store/errors.ts"
import { readScratch, writeScratch } from "../store/scratch-box.ts"
import { type ScratchUnusable, scratchInMemory, scratchOnDisk, scratchUnusable } from "../store/scratch-volume.ts"

export type PhantomError = TomogramUnwritable | RunUnwritable | ScratchUnusable

/** The files of a phantom and what they hold in numbers. */
export type PhantomFiles = Readonly<Record<string, unknown>> & {
  readonly files: {
    readonly gray: string
    /** Cracks are 0 */
    readonly labels: string
    /** Cracks belong to their particle */
    readonly envelopes: string
    readonly phases: string
    readonly particles: string
  }
  readonly particles: number
  /** Share of the volume, cracks included */
  readonly particleShare: number
  /** Share of cracks in the particles */
  readonly damage: number
}

/** Names of all files beside that of the gray values. */
const filesOf = (gray: string): PhantomFiles["files"] => {
  const { dir, name, ext } = parse(gray)
  const beside = (what: string, ending: string): string => join(dir, `${name}-${what}${ending}`)
  return {
    gray,
    labels: beside("labels", ext),
    envelopes: beside("envelopes", ext),
    phases: beside("phases", ext),
    particles: beside("particles", ".csv"),
  }
}

const truthTable = (truths: readonly ParticleTruth[]) => {
  const column = (name: string, unit: string, of: (truth: ParticleTruth) => number) => ({
    name,
    unit,
    values: Float64Array.from(truths, of),
  })
  return writeCsv({
    columns: [
      column("label", "", ({ label }) => label),
      column("x", "m", ({ centre }) => centre[0]),
      column("y", "m", ({ centre }) => centre[1]),
      column("z", "m", ({ centre }) => centre[2]),
      column("diameter", "m", ({ diameter }) => diameter),
      column("volume", "m^3", ({ volume }) => volume),
      column("damage", "", ({ damage }) => damage),
      column("fragment", "", ({ isFragment }) => (isFragment ? 1 : 0)),
      column("cut", "", ({ isCut }) => (isCut ? 1 : 0)),
    ],
  })
}

/** Edge of the bricks that are made one at a time [voxel] */
const brick = 128
/** Bytes of intermediate volumes up to which they stay in memory */
const mostMemory = 4e8

/** What a voxel of the truth is, in one number: a label, less than 0 in its cracks; carbon/binder; 0 void */
const carbon = -(2 ** 31)
const encoded = ({ labels, cracks, phases }: PhantomPart): Int32Array =>
  labels.map((label, i) => (label > 0 ? (cracks[i] === 1 ? -label : label) : phases[i] === 2 ? carbon : 0))
const solidOf = (code: number): number => Math.max(0, code)
const envelopeOf = (code: number): number => (code === carbon ? 0 : Math.abs(code))
const phaseOf = (code: number): number => (code > 0 ? 1 : code === carbon ? 2 : 0)

const refused = (folder: string) => (cause: unknown) => scratchUnusable(folder, cause)

/**
 * Makes a phantom brick by brick and writes its gray values, its truth and the table of its particles. What is made
 * waits in memory, or beside the files where there is much of it, until all is written.
 */
export const writePhantom = Effect.fn("writePhantom")(function* (
  file: string,
  settings: PhantomVolumeSettings,
  onProgress: (share: number, doing: string) => Effect.Effect<void>,
): Effect.fn.Return<PhantomFiles, PhantomError> {
  yield* onProgress(0, "packing")
  const phantom = phantomVolume(settings)
  const files = filesOf(file)
  const { shape } = settings
  const voxels = voxelCount(phantom)
  const tally = emptyTally(phantom)
  const write = Effect.gen(function* () {
    const folder = dirname(file)
    const space = 6 * voxels <= mostMemory ? scratchInMemory(shape) : yield* scratchOnDisk(shape, folder, 6 * voxels)
    const gray = yield* space.volume("uint16", "gray")
    const truth = yield* space.volume("int32", "truth")
    const bricks = bricksOf(phantom, [brick, brick, brick])
    for (const [at, box] of bricks.entries()) {
      const part = phantomBox(phantom, box)
      addTally(phantom, part, tally)
      yield* Effect.try({
        try: () => {
          writeScratch(gray, { ...box, values: part.gray })
          writeScratch(truth, { ...box, values: encoded(part) })
        },
        catch: refused(space.path),
      })
      yield* onProgress((0.95 * (at + 1)) / bricks.length, "voxels")
    }
    const reading = <A>(read: () => A) => Effect.try({ try: read, catch: refused(space.path) })
    const grid = gridOf(phantom)
    const narrow = phantom.particles.length < 2 ** 16
    const decoded = (type: "uint8" | "uint16" | "int32", of: (code: number) => number) => ({
      ...grid,
      voxelType: type,
      read: (box: Box) =>
        reading(() => {
          const codes = readScratch(truth, box)
          const values = emptyVoxels(type, codes.length)
          for (let i = 0; i < codes.length; i++) values[i] = of(codes[i])
          return values
        }),
    })
    const type = narrow ? "uint16" : "int32"
    yield* onProgress(0.95, "writing")
    yield* writeTiffStack(files.gray, {
      ...grid,
      voxelType: "uint16",
      read: (box: Box) => reading(() => readScratch(gray, box)),
    })
    yield* writeTiffStack(files.labels, decoded(type, solidOf))
    yield* writeTiffStack(files.envelopes, decoded(type, envelopeOf))
    yield* writeTiffStack(files.phases, decoded("uint8", phaseOf))
  })
  yield* Effect.scoped(write)
  const truths = particleTruths(phantom, tally)
  yield* writeAtomically(files.particles, truthTable(truths))
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
  return {
    files,
    particles: truths.length,
    particleShare: sum(tally.voxels) / voxels,
    damage: sum(tally.voxels) > 0 ? sum(tally.cracks) / sum(tally.voxels) : 0,
    settings,
  }
})
