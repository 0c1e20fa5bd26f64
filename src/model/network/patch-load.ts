import type { ActiveMaterial } from "../resolved/parameters.ts"
import type { NetworkCell } from "./network-cell.ts"
import type { PatchState } from "./patch-mechanics.ts"
import type { RadialGrid } from "./radial-grid.ts"
import { type ShellStress, shellStress, surfaceTension } from "./stress.ts"

/** What lithium does to the bodies of the particles. */
export interface PatchLoad {
  /** Tension along a particle's surface [Pa]. */
  readonly surfaceTension: (particle: number, x: Float64Array, interior: Float64Array, mechanical: PatchState) => number
  readonly stress: (particle: number, x: Float64Array, interior: Float64Array, mechanical: PatchState) => ShellStress
}

/** ⟨ΔV/V⟩ of a particle. @param interior [particle, shell] */
const meanSwellingOf =
  ({ swelling, maximumConcentration }: ActiveMaterial, grid: RadialGrid) =>
  (particle: number, interior: Float64Array): number => {
    let mean = 0
    for (let j = 0; j < grid.shells; j++)
      mean +=
        grid.share[particle * grid.stride + j] *
        swelling.volumeChange(interior[particle * grid.shells + j] * maximumConcentration)
    return mean
  }

/**
 * How far surfaces move inwards if free: R ⟨ΔV/V⟩/3 for a sphere, (1 + ν) of it for a cylinder in plane strain.
 * @param radius [particle] [m]
 * @returns writes it for particles from … to − 1; interior [particle, shell], out [particle] [m]
 */
export const freeShrinkage = (dimension: 2 | 3, active: ActiveMaterial, grid: RadialGrid, radius: Float64Array) => {
  const free = (dimension === 3 ? 1 : 1 + active.elasticity.poisson) / 3
  const meanSwelling = meanSwellingOf(active, grid)
  return (interior: Float64Array, out: Float64Array, from: number, to: number): void => {
    for (let particle = from; particle < to; particle++)
      out[particle] = -free * radius[particle] * meanSwelling(particle, interior)
  }
}

export const createPatchLoad = (cell: NetworkCell): PatchLoad => {
  const { network, parameters, electrochemistry, ligaments, surface } = cell
  const { active } = parameters
  const { grid } = electrochemistry
  const { patches, dimension } = network
  const swellingAt = (x: number): number => active.swelling.volumeChange(x * active.maximumConcentration)
  const swelling = new Float64Array(grid.shells)

  const meanSwelling = meanSwellingOf(active, grid)
  const meanPull = (particle: number, { traction }: PatchState): number => {
    let pull = 0
    for (let patch = patches.start[particle]; patch < patches.start[particle + 1]; patch++)
      pull += ligaments.cohesiveArea[patch] * traction[patch]
    return pull / surface[particle]
  }

  return {
    surfaceTension: (particle, x, interior, mechanical) =>
      surfaceTension(
        active.elasticity,
        meanSwelling(particle, interior),
        swellingAt(x[particle]),
        meanPull(particle, mechanical),
      ),
    stress: (particle, x, interior, mechanical) => {
      for (let j = 0; j < grid.shells; j++) swelling[j] = swellingAt(interior[particle * grid.shells + j])
      return shellStress(
        dimension,
        grid,
        particle * grid.stride,
        active.elasticity,
        swelling,
        swellingAt(x[particle]),
        meanPull(particle, mechanical),
      )
    },
  }
}
