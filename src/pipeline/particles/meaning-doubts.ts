import { Effect } from "effect"
import type { TomogramUnreadable } from "../../formats/tomogram-errors.ts"
import type { VolumeSource, VoxelArray } from "../../formats/volume-source.ts"
import type { VolumeMeaning } from "../segmentation/settings.ts"

/** So few different values are phases rather than gray values. */
const mostPhases = 8
/** Share of equal neighbours from which on whole numbers look like numbers of bodies: noise leaves few alike. */
const evenShare = 0.8

interface Look {
  /** Different values, `mostPhases` + 1 standing for more */
  readonly distinct: readonly number[]
  readonly areWhole: boolean
  /** Share of voxels equal to the one before them */
  readonly even: number
}

const lookOf = (planes: readonly VoxelArray[]): Look => {
  const distinct = new Set<number>()
  let [even, count, whole] = [0, 0, true]
  for (const values of planes) {
    count += values.length - 1
    for (let i = 0; i < values.length; i++) {
      if (distinct.size <= mostPhases) distinct.add(values[i])
      if (!Number.isInteger(values[i])) whole = false
      if (i > 0 && values[i] === values[i - 1]) even++
    }
  }
  return { distinct: [...distinct].sort((a, b) => a - b), areWhole: whole, even: even / Math.max(1, count) }
}

/**
 * Whether the values look like something else than they are said to be, by three of its planes: nobody is refused for it,
 * but told.
 */
export const meaningDoubts = Effect.fn("meaningDoubts")(function* (
  source: VolumeSource,
  meaning: VolumeMeaning,
): Effect.fn.Return<readonly string[], TomogramUnreadable> {
  if (meaning.kind === "phases") return []
  const [nx, ny, nz] = source.shape
  const at = new Set([0.25, 0.5, 0.75].map((share) => Math.floor(share * nz)))
  const planes = yield* Effect.forEach(at, (z) => source.read({ from: [0, 0, z], to: [nx, ny, z + 1] }))
  const { distinct, areWhole, even } = lookOf(planes)
  if (!areWhole || distinct.length < 2) return []
  const few = distinct.length <= mostPhases
  if (meaning.kind === "labels") {
    return few && distinct.length <= 3
      ? [
          `the values are ${distinct.join(", ")}, taken as numbers of particles (--labels); phases are named with --phases`,
        ]
      : []
  }
  if (few) {
    return [
      `the values are ${distinct.join(", ")}, taken as gray values; if they are phases, name them: --phases "0=void,1=particle,2=carbon-binder"`,
    ]
  }
  return even > evenShare
    ? [
        "neighbouring values are whole numbers and mostly equal, yet taken as gray values; if they number particles, say --labels",
      ]
    : []
})
