import { Effect } from "effect"
import type { Box } from "../../image/brick.ts"
import { windowCounter } from "../../particles/density-windows.ts"
import type { ParticleMeasures } from "../../particles/measure-particle.ts"
import { densityBoxes, type Estimator } from "../../particles/volume-table.ts"
import type { ScratchUnusable } from "../../store/scratch-volume.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"

/** What a volume is made of. */
export interface PhaseShare {
  readonly name: string
  /** By volume, 0 … 1 */
  readonly share: number
}

/** What a pass over all layers tells. */
export interface LayerFacts {
  /** [estimator][particle] */
  readonly density: readonly Float64Array[]
  readonly phases: readonly PhaseShare[]
}

/** Counts of the phases 0 void, 1 particle, 2 carbon/binder; without phases, of voxels without and with a label. */
const addCounts = (values: ArrayLike<number>, counts: Float64Array): void => {
  for (let voxel = 0; voxel < values.length; voxel++) counts[Math.min(counts.length - 1, values[voxel])]++
}

/**
 * Walks through the layers of a volume once: shares of particles in the windows of PDensity, and of the phases in the
 * whole. Memory is that of one layer.
 * @param partsMatrix whether void and carbon/binder are told apart
 */
export const layerFacts = Effect.fn("layerFacts")(function* (
  volume: LabelledVolume,
  measures: readonly ParticleMeasures[],
  estimators: readonly Estimator[],
  partsMatrix: boolean,
): Effect.fn.Return<LayerFacts, ScratchUnusable> {
  const [nx, ny, nz] = volume.grid.shape
  const counters = estimators.map((estimator) => windowCounter(volume.grid, densityBoxes(measures, estimator)))
  const counts = new Float64Array(volume.readPhases === undefined ? 2 : 3)
  for (let z = 0; z < nz; z++) {
    const layer: Box = { from: [0, 0, z], to: [nx, ny, z + 1] }
    const labels = yield* volume.readLabels(layer)
    for (const counter of counters) counter.addLayer(labels)
    addCounts(volume.readPhases === undefined ? labels : yield* volume.readPhases(layer), counts)
  }
  const total = nx * ny * nz
  const share = (at: number): number => counts[at] / total
  const phases =
    volume.readPhases === undefined || !partsMatrix
      ? [
          { name: "particles", share: share(1) },
          { name: "other", share: 1 - share(1) },
        ]
      : [
          { name: "particles", share: share(1) },
          ...(counts[2] > 0 ? [{ name: "carbon/binder", share: share(2) }] : []),
          { name: "void", share: share(0) },
        ]
  return { density: counters.map((counter) => counter.shares()), phases }
})
