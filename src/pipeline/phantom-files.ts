import { parse } from "node:path"
import { Effect } from "effect"
import { writeCsv } from "../formats/csv.ts"
import type { TomogramUnwritable } from "../formats/tomogram-errors.ts"
import { type TiffStack, writeTiff } from "../formats/tomogram-writer.ts"
import { type Box, bricksOf } from "../image/brick.ts"
import type { PhantomVolumeSettings } from "../image/phantom-volume/settings.ts"
import { addTally, emptyTally, type ParticleTruth, particleTruths, solidLabels } from "../image/phantom-volume/truth.ts"
import { phantomBox, phantomVolume } from "../image/phantom-volume/volume.ts"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnwritable } from "../store/errors.ts"

export type PhantomError = TomogramUnwritable | RunUnwritable

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
  const beside = (what: string, ending: string): string => `${dir === "" ? "" : `${dir}/`}${name}-${what}${ending}`
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

/** Voxels of a slab */
const slabVoxels = 6e6

/** Makes a phantom slab by slab and writes its gray values, its truth and the table of its particles. */
export const writePhantom = Effect.fn("writePhantom")(function* (
  file: string,
  settings: PhantomVolumeSettings,
  onProgress: (share: number) => Effect.Effect<void>,
): Effect.fn.Return<PhantomFiles, PhantomError> {
  const phantom = phantomVolume(settings)
  const files = filesOf(file)
  const [nx, ny, nz] = settings.shape
  const depth = Math.max(1, Math.min(nz, Math.floor(slabVoxels / (nx * ny))))
  const tally = emptyTally(phantom)
  const gray: Uint16Array[] = []
  const labels: (Uint16Array | Int32Array)[] = []
  const envelopes: (Uint16Array | Int32Array)[] = []
  const phases: Uint8Array[] = []
  const isNarrow = phantom.particles.length < 2 ** 16
  const slabs: readonly Box[] = bricksOf(phantom, [nx, ny, depth])
  for (const [at, slab] of slabs.entries()) {
    const part = phantomBox(phantom, slab)
    addTally(phantom, part, tally)
    const solid = solidLabels(part)
    for (let z = 0; z < slab.to[2] - slab.from[2]; z++) {
      const [from, to] = [nx * ny * z, nx * ny * (z + 1)]
      const stored = (values: Int32Array): Uint16Array | Int32Array =>
        isNarrow ? Uint16Array.from(values.subarray(from, to)) : values.slice(from, to)
      gray.push(part.gray.slice(from, to))
      labels.push(stored(solid))
      envelopes.push(stored(part.labels))
      phases.push(part.phases.slice(from, to))
    }
    yield* onProgress((at + 1) / slabs.length)
  }
  const stack = (planes: TiffStack["planes"]): TiffStack => ({ width: nx, height: ny, pixel: settings.voxel, planes })
  yield* writeTiff(files.gray, stack(gray))
  yield* writeTiff(files.labels, stack(labels))
  yield* writeTiff(files.envelopes, stack(envelopes))
  yield* writeTiff(files.phases, stack(phases))
  const truths = particleTruths(phantom, tally)
  yield* writeAtomically(files.particles, truthTable(truths))
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
  return {
    files,
    particles: truths.length,
    particleShare: sum(tally.voxels) / (nx * ny * nz),
    damage: sum(tally.voxels) > 0 ? sum(tally.cracks) / sum(tally.voxels) : 0,
    settings,
  }
})
